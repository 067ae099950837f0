"""What a single statement is for: from its calls, its shape, and where its values come from and go."""

import ast
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.analysis.call_roles import call_roles
from tools.analysis.knowledge.load import method_roles, role_of_name
from tools.analysis.lineage import direct_sources
from tools.analysis.model import Role, StatementFacts
from tools.analysis.qualified import Call
from tools.trace.model import StatementTrace

METRIC_WORD = re.compile(
    r"(?:^|_)(acc|accuracy|rmse|mse|mae|mape|r2|recall|precision|f1|auc|roc|score|scores|loss|losses|error|errors|"
    r"silhouette|logloss|cm|confusion|report|y_pred|pred|preds|prediction|predictions|y_hat|yhat)(?:$|_|\d)"
)
_CONSTANT_WORD = re.compile(
    r"(?:^|_)(seed|epochs?|batch|lr|rate|path|dir|folder|file|filename|url|size|steps?|num|n|max|min|threshold|device|"
    r"key|token|columns?|cols|features|params?|config|classes|labels)(?:$|_|\d)"
)
_SHOWING = frozenset({"builtins.print", "builtins.display", "IPython.display.display", "IPython.core.display.display"})
_SHOWN_ATTRIBUTES = frozenset({"shape", "columns", "dtypes", "index", "size", "ndim", "feature_names", "target_names"})
_LEARNT = frozenset({"feature_importances_", "coef_", "importances_mean"})
_STRONG: tuple[Role, ...] = ("train", "tune", "evaluate", "split", "load_data", "define_model", "export", "visualize")


@dataclass
class Known:
    """What is known of the notebook when the roles of a statement are asked for.

    Attributes:
        on_data: Statements downstream of loaded data.
        into_model: Statements upstream of a split or a training.
        made: Statements that make data up: drawn numbers that reach a model, frames of literals.
        roles: Of the statements before, by id.
        own: Roles of the author's own functions and classes, by name.
    """

    on_data: frozenset[str] = frozenset()
    into_model: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    roles: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    own: dict[str, tuple[Role, ...]] = field(default_factory=dict)


def statement_roles(
    node: ast.stmt,
    facts: StatementFacts,
    calls: Sequence[Call],
    traced: StatementTrace | None,
    displayed: bool,
    known: Known,
) -> tuple[Counter[Role], bool]:
    """Return the roles of one statement with weights, and whether they come from what it does (not only context).

    Args:
        node: The statement.
        facts: Its def-use facts.
        calls: What it calls.
        traced: What the run saw; None without one.
        displayed: A notebook shows its value.
        known: Of the notebook.
    """
    found: Counter[Role] = Counter()
    if _imports_only(node):
        return Counter({"import": 1}), True
    for call in calls:
        for position, role in enumerate(call_roles(call, known.own)):
            found[role] += 2 if position == 0 else 1
    if traced and traced.figures:
        found["visualize"] += 2
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return _definition(node, found), True
    _tidy(found, node)
    if _sweeps(node, calls, known):
        return Counter({"tune": 1}), True
    if _attributes(node) & _LEARNT and not found["train"] and not found["tune"]:
        found["evaluate"] += 2
        for side in ("explore", "preprocess", "validate_data"):
            found.pop(side, None)
    if any(found[role] for role in _STRONG):
        return found, True
    if isinstance(node, ast.Expr):
        return _shown(node, facts, calls, found, displayed, known)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        return _assigned(node, facts, calls, found, traced, known)
    if isinstance(node, ast.Assert):
        return Counter({"validate_data": 1}), True
    if isinstance(node, ast.Delete):
        dropping = any(isinstance(target, ast.Subscript) for target in node.targets)
        return Counter({"preprocess": 1}) if dropping else Counter(), True
    return _compound(node, facts, calls, found, known)


def _tidy(found: Counter[Role], node: ast.stmt) -> None:
    """Take out what only serves another role in the same statement: a mask that is counted, say."""
    serving: dict[Role, tuple[Role, ...]] = {
        "visualize": ("explore", "preprocess", "validate_data", "feature_engineering", "setup"),
        "evaluate": ("explore", "preprocess", "validate_data"),
        "train": ("explore", "preprocess", "validate_data", "setup"),
        "define_model": ("explore", "validate_data"),
        "tune": ("explore", "preprocess", "define_model", "split", "setup"),
        "load_data": ("explore", "validate_data", "setup"),
        "split": ("preprocess", "explore"),
        "export": ("explore", "preprocess", "load_data", "setup"),
        "preprocess": ("setup", "explore", "validate_data"),
        "feature_engineering": ("setup", "explore", "validate_data"),
    }
    if found["define_model"] and any(isinstance(p, (ast.List, ast.Tuple, ast.Call)) for p in ast.walk(node)):
        for role in ("preprocess", "feature_engineering"):
            if found[role] and isinstance(node, (ast.Assign, ast.AnnAssign)):
                del found[role]
    compound = isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try))
    for main, side in serving.items():
        if found[main]:
            for role in side:
                if found[role] and (not compound or found[role] <= found[main] or main == "visualize"):
                    del found[role]


def _definition(node: ast.stmt, found: Counter[Role]) -> Counter[Role]:
    bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
    if any(
        word in base for base in bases for word in ("Module", "Model", "Classifier", "Regressor", "LightningModule")
    ):
        return Counter({"define_model": 3})
    if any("Dataset" in base or "DataLoader" in base for base in bases):
        return Counter({"load_data": 2, "preprocess": 1})
    if any("Transformer" in base for base in bases):
        return Counter({"preprocess": 2})
    if bases and not found and any("Estimator" in base for base in bases):
        return Counter({"define_model": 2})
    name = getattr(node, "name", "")
    for role in role_of_name(name):
        if role in found or not found:
            found[role] += 3
    if not found:
        return found
    top = max(found.values())
    return Counter(
        {role: weight for role, weight in found.items() if weight * 3 >= top and role not in ("setup", "other")}
    )


def _shown(
    node: ast.Expr,
    facts: StatementFacts,
    calls: Sequence[Call],
    found: Counter[Role],
    displayed: bool,
    known: Known,
) -> tuple[Counter[Role], bool]:
    printed = any(call.name in _SHOWING for call in calls)
    if not printed and not displayed:
        if found:
            return found, True
        if facts.mutates and facts.id in known.on_data:
            return Counter({"preprocess": 1}), False
        return Counter(), False
    if found["setup"] and not printed and not found["explore"]:
        return Counter({"setup": 1}), True
    if isinstance(node.value, ast.Constant) or (printed and not _names(node) and not found):
        return Counter(), False
    changing = found.keys() & {"preprocess", "feature_engineering"} and not printed
    if changing and (_in_place(calls) or any(c.name.endswith((".fit", ".fit_transform")) for c in calls)):
        return found, True
    sources = [known.roles.get(source, ()) for source in direct_sources(facts)]
    if any(call.name.endswith(".summary") for call in calls) and any("train" in roles for roles in sources):
        return Counter({"evaluate": 1}), True
    judged = [roles for roles in sources if roles and roles[0] == "evaluate"]
    if judged and len(judged) * 2 >= len([roles for roles in sources if roles and roles[0] not in ("import", "setup")]):
        return Counter({"evaluate": 1}), True
    if found["explore"] or found["validate_data"] or changing:
        return Counter({"explore": 1}), True
    if any(METRIC_WORD.search(name.lower()) for name in _names(node)) and facts.id in known.on_data:
        return Counter({"evaluate": 1}), True
    if facts.id in known.on_data or found or _attributes(node) & _SHOWN_ATTRIBUTES:
        return Counter({"explore": 1}), True
    return Counter(), False


def _assigned(
    node: ast.Assign | ast.AugAssign | ast.AnnAssign,
    facts: StatementFacts,
    calls: Sequence[Call],
    found: Counter[Role],
    traced: StatementTrace | None,
    known: Known,
) -> tuple[Counter[Role], bool]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if _splits(node) and not found["preprocess"] and not found["feature_engineering"]:
        return Counter({"split": 1}), True
    outer = (
        node.value.func.attr if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute) else ""
    )
    looked = facts.id not in known.into_model or outer in ("corr", "describe", "value_counts")
    if looked and "explore" in method_roles(outer) and isinstance(targets[0], ast.Name):
        return Counter({"explore": 1}), True
    if found["preprocess"] or found["feature_engineering"]:
        if found["preprocess"] and not found["feature_engineering"] and _new_column(node):
            return Counter({"feature_engineering": 1}), True
        return found, True
    if found["setup"]:
        return Counter({"setup": 1}), True
    sources = [known.roles.get(source, ()) for source in direct_sources(facts)]
    first = {roles[0] for roles in sources if roles}
    names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    value = node.value
    if value is not None and _literal(value):
        if isinstance(targets[0], ast.Name):
            low = targets[0].id
            text = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if low.isupper() or _CONSTANT_WORD.search(low.lower()) or text:
                return Counter({"setup": 1}), False
            return Counter(), False
        if facts.id in known.on_data:
            return Counter({"preprocess": 1}), True
        return Counter(), False
    if facts.id in known.made and not first & {"load_data", "preprocess", "train", "evaluate"}:
        return Counter({"load_data": 1}), False
    if facts.id not in known.on_data:
        return Counter(), False
    if any(METRIC_WORD.search(name.lower()) for name in names) and first & {"evaluate", "train", "tune"}:
        return Counter({"evaluate": 1}), True
    judging: set[Role] = {"evaluate", "train", "tune"}
    if first & judging and first <= {*judging, "define_model", "import", "setup"}:
        return Counter({"evaluate": 1}), False
    if first & {"evaluate"} and facts.id not in known.into_model:
        return Counter({"evaluate": 1}), False
    if found["explore"] or found["validate_data"]:
        if facts.id in known.into_model:
            return Counter({"preprocess": 1}), True
        return found, True
    if _new_column(node):
        return Counter({"feature_engineering": 1}), True
    return Counter({"preprocess": 1}), False


def _compound(
    node: ast.stmt, facts: StatementFacts, calls: Sequence[Call], found: Counter[Role], known: Known
) -> tuple[Counter[Role], bool]:
    if found["preprocess"] or found["feature_engineering"]:
        return found, True
    if facts.id not in known.on_data:
        return Counter({"setup": 1}) if found["setup"] else Counter(), False
    first = {roles[0] for source in direct_sources(facts) if (roles := known.roles.get(source, ()))}
    if "evaluate" in first:
        return Counter({"evaluate": 1}), False
    if found["explore"] or found["validate_data"] or (not facts.mutates and any(c.name in _SHOWING for c in calls)):
        return Counter({"explore": 1}), True
    return Counter({"preprocess": 1}), False


def _in_place(calls: Sequence[Call]) -> bool:
    return any(
        k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value is True
        for call in calls
        for k in call.node.keywords
    )


def _sweeps(node: ast.stmt, calls: Sequence[Call], known: Known) -> bool:
    """Tell whether a loop tries values: its variable is an argument of a model that it constructs."""
    if not isinstance(node, ast.For):
        return False
    loops = [part for part in ast.walk(node) if isinstance(part, ast.For)]
    tried = {name for part in loops for name in _names(part.target)}
    for call in calls:
        if call.looped and "define_model" in call_roles(call, known.own) and call.name.rpartition(".")[2][:1].isupper():
            given = [*call.node.args, *(keyword.value for keyword in call.node.keywords)]
            if any(isinstance(value, ast.Name) and value.id in tried for value in given):
                return not call.name.startswith(("torch", "tensorflow", "keras"))
    return False


def _splits(node: ast.stmt) -> bool:
    """Tell whether an assignment takes training and test rows apart by hand: `X_train, X_test = X[:80], X[80:]`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return False
    names = [name.lower() for name in _names(node.targets[0])]
    rest = any("test" in name or "val" in name for name in names)
    return rest and any("train" in name for name in names) and isinstance(node.value, (ast.Tuple, ast.Call))


def _imports_only(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, (ast.Try, ast.If)):
        inner = [*node.body, *node.orelse]
        return any(_imports_only(part) for part in inner) and all(
            _imports_only(part) or isinstance(part, (ast.Pass, ast.Expr, ast.Assign)) for part in inner
        )
    return False


def _names(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id not in ("print", "display")]


def _attributes(node: ast.AST) -> set[str]:
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def _literal(node: ast.expr) -> bool:
    return all(
        isinstance(
            part,
            (
                ast.Constant,
                ast.List,
                ast.Tuple,
                ast.Dict,
                ast.Set,
                ast.UnaryOp,
                ast.BinOp,
                ast.operator,
                ast.unaryop,
                ast.expr_context,
            ),
        )
        for part in ast.walk(node)
    )


def _new_column(node: ast.stmt) -> bool:
    """Tell whether an assignment makes a column out of others: its text key is not among those that it reads."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Subscript):
        return False
    key = node.targets[0].slice
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return False
    read = {
        part.slice.value
        for part in ast.walk(node.value)
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant)
    }
    attributes = _attributes(node.value)
    return key.value not in read and key.value not in attributes and bool(read or attributes)
