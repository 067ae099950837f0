"""Literal expressions: where they stand, what they are worth, which type a configuration gives them."""

import ast

from tools.analysis.model import Span
from tools.notebook.model import Statement


def span_of(node: ast.expr) -> Span:
    """Return where an expression stands in the statement's code."""
    return (node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)


def literal_of(node: ast.expr) -> object:
    """Return the value of a literal expression; None where it is none (or is `None`)."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, (bool, int, float, str, list, dict)) else None


def named_values(node: ast.expr) -> list[tuple[str, ast.expr]]:
    """Return the entries of `{"a": 1}` and `dict(a=1)` whose keys are texts; empty for anything else."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(k.value, v) for k, v in pairs if isinstance(k, ast.Constant) and isinstance(k.value, str)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        return [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
    return []


def path_text(node: ast.expr) -> ast.expr | None:
    """Return the literal in `Path("data")`; None for anything else."""
    if not isinstance(node, ast.Call) or node.keywords or len(node.args) != 1:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    argument = node.args[0]
    literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return argument if name in ("Path", "PurePath") and literal else None


def annotation_of(value: object) -> str | None:
    """Return the type of a value that a configuration file can hold; None where it cannot hold it."""
    if isinstance(value, (bool, int, float, str)):
        return type(value).__name__
    if isinstance(value, list) and value:
        kinds = {type(item) for item in value if item is not None}
        none = " | None" if None in value else ""
        if kinds <= {int, float} and float in kinds:
            return f"list[float{none}]"
        if len(kinds) == 1 and kinds <= {bool, int, float, str}:
            return f"list[{kinds.pop().__name__}{none}]"
        return None
    if isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        inner = {annotation_of(item) for item in value.values()}
        if len(inner) == 1 and None not in inner:
            return f"dict[str, {inner.pop()}]"
    return None


def constant_text(node: ast.expr, constants: dict[str, str]) -> str | None:
    """Return the text that a path expression is worth: literals, names, `os.path.join`, `Path`, `+`, `/`, f-strings.

    Args:
        node: The expression.
        constants: Text by name of the variables bound to one.
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        left, right = constant_text(node.left, constants), constant_text(node.right, constants)
        joint = "" if isinstance(node.op, ast.Add) else "/"
        return None if left is None or right is None else left.rstrip("/" if joint else "") + joint + right
    if isinstance(node, ast.JoinedStr):
        parts = [constant_text(part, constants) for part in node.values]
        return None if None in parts else "".join(part for part in parts if part is not None)
    if isinstance(node, ast.FormattedValue) and node.format_spec is None:
        return constant_text(node.value, constants)
    if isinstance(node, ast.Call) and not node.keywords and node.args:
        called = ast.unparse(node.func)
        if called in ("os.path.join", "path.join", "join", "Path", "pathlib.Path", "os.path.abspath", "str"):
            parts = [constant_text(part, constants) for part in node.args]
            return None if None in parts else "/".join(part.rstrip("/") or "/" for part in parts if part is not None)
    return None


def comment_of(statement: Statement, node: ast.expr) -> str:
    """Return the comment at the end of the line on which an expression ends."""
    lines = statement.source.split("\n")
    offset = len(lines) - len(statement.code.split("\n"))
    index = offset + (node.end_lineno or 1) - 1
    line = lines[index] if 0 <= index < len(lines) else ""
    for start, character in enumerate(line):
        if character == "#" and line[:start].count('"') % 2 == 0 and line[:start].count("'") % 2 == 0:
            return line[start + 1 :].strip()
    return ""
