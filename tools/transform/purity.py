"""Tells expressions that only look at values from those that may do something, and takes the latter out in order."""

import ast

_FUNCTIONS = frozenset({"len", "round", "str", "repr", "type", "int", "float", "abs", "min", "max", "bool", "format"})
_METHODS = frozenset(
    {
        *("head", "tail", "describe", "mean", "median", "std", "var", "sum", "min", "max", "count", "quantile"),
        *("value_counts", "nunique", "unique", "isnull", "isna", "notnull", "notna", "any", "all", "corr", "round"),
        *("item", "tolist", "to_string", "format", "join", "upper", "lower", "strip", "title", "capitalize", "ljust"),
        *("rjust", "center", "keys", "values", "items", "argmax", "argmin", "score", "predict", "predict_proba"),
    }
)
_ENDINGS = ("_score", "_error", "confusion_matrix", "classification_report")
_SCOPED = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DOING = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


def pure(node: ast.AST) -> bool:
    """Tell whether evaluating an expression is known to change nothing."""
    return not any(isinstance(n, _DOING) or (isinstance(n, ast.Call) and not _looks(n)) for n in ast.walk(node))


def effects(node: ast.expr) -> list[ast.expr]:
    """Return the parts of an expression that may do something, in the order in which they are evaluated.

    Args:
        node: The expression. A part that is evaluated under a condition or repeatedly is returned with that around it.
    """
    if pure(node):
        return []
    if isinstance(node, (*_SCOPED, *_DOING)) or (isinstance(node, ast.Call) and not _looks(node)):
        return [node]
    return [part for child in ast.iter_child_nodes(node) for part in _child_effects(child)]


def shown_effects(call: ast.Call) -> list[str]:
    """Return the statements that do what the arguments of a call that shows something do, without showing it."""
    made: list[str] = []
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        if isinstance(argument, ast.Starred):
            value = argument.value
            lazy = isinstance(value, ast.GeneratorExp) or (isinstance(value, ast.Call) and not _looks(value))
            made += [f"list({ast.unparse(value)})"] if lazy else [_statement(part) for part in effects(value)]
        else:
            made += [_statement(part) for part in effects(argument)]
    return made


def _child_effects(child: ast.AST) -> list[ast.expr]:
    if isinstance(child, ast.expr):
        return effects(child)
    return [part for inner in ast.iter_child_nodes(child) for part in _child_effects(inner)]


def _statement(node: ast.expr) -> str:
    if isinstance(node, ast.NamedExpr):
        return f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"
    return ast.unparse(node)


def _looks(call: ast.Call) -> bool:
    """Tell whether a function is known by its name to only look at what it is given."""
    if isinstance(call.func, ast.Name):
        return call.func.id in _FUNCTIONS or call.func.id.endswith(_ENDINGS)
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in _METHODS or call.func.attr.endswith(_ENDINGS)
    return False
