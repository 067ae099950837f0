"""Roles of statements and cells, from what they call, what the trace saw, and what is done with the result."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence

from tools.analysis.knowledge.load import is_transformer, knowledge, method_roles, roles_of
from tools.analysis.model import NotebookFacts, Role, Stage, StatementFacts
from tools.analysis.qualified import Call
from tools.trace.model import StatementTrace

_ORDER: tuple[Role, ...] = (
    "train",
    "tune",
    "evaluate",
    "split",
    "load_data",
    "define_model",
    "feature_engineering",
    "preprocess",
    "validate_data",
    "export",
    "visualize",
    "explore",
    "setup",
    "import",
    "other",
)
_STAGE: dict[Role, Stage] = {
    "train": "training",
    "tune": "training",
    "evaluate": "evaluation",
    "define_model": "model",
    "export": "evaluation",
    "visualize": "evaluation",
}
_FRAMES = ("pandas.DataFrame", "pandas.Series")


def statement_roles(
    node: ast.stmt,
    facts: StatementFacts,
    calls: Sequence[Call],
    traced: StatementTrace | None,
    displayed: bool,
    own_roles: Mapping[str, tuple[Role, ...]],
) -> tuple[Role, ...]:
    """Return the roles of one statement, most telling first.

    Args:
        node: The statement.
        facts: Its def-use facts.
        calls: What it calls.
        traced: What the run saw; None without one.
        displayed: A notebook shows its value.
        own_roles: Roles of the author's own functions and classes defined so far, by name.
    """
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return ("import",)
    found: Counter[Role] = Counter()
    for call in calls:
        for role in _call_roles(call, own_roles):
            found[role] += 1
    if isinstance(node, ast.ClassDef) and any(
        "Module" in ast.unparse(base) or "Model" in ast.unparse(base) for base in node.bases
    ):
        found["define_model"] += 3
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return _ordered(found) or ("other",)
    binds = bool(facts.defines or facts.mutates)
    if not binds and displayed and not found.keys() & {"evaluate", "visualize", "train", "tune", "load_data", "export"}:
        return ("explore",)
    if binds and (_writes_column(node) or _about_frames(facts, traced)):
        weak = {"explore", "validate_data"}
        if not found.keys() - weak:
            found["feature_engineering" if _new_column(node, traced) else "preprocess"] += 1
            for role in sorted(weak & found.keys()):
                del found[role]
    if binds and set(found) == {"explore"}:
        found = Counter({"preprocess": 1})
    if _only_prints(node) and not found.keys() & {"evaluate", "train", "tune"}:
        found["explore"] += 1
    if traced and traced.figures:
        found["visualize"] += 1
    if _is_metric_variable(facts, node) and not found:
        found["evaluate"] += 1
    return _ordered(found) or ("other",)


def cell_roles(facts: NotebookFacts, cell: int) -> tuple[Role, ...]:
    """Return the roles of a cell: those of its statements, small side activities left out beside a main one."""
    weights: Counter[Role] = Counter()
    statements = [s for s in facts.notebook.statements() if s.cell == cell]
    for statement in statements:
        roles = facts.statements[statement.id].roles
        size = 1 + statement.code.count("\n")
        for position, role in enumerate(roles):
            weights[role] += size if position == 0 else 1
    for weak in ("other", "import", "setup"):
        if weights[weak] and len(+weights) > 1 and (weak == "other" or weights[weak] * 4 < weights.total()):
            del weights[weak]
    return _ordered(+weights) or ("other",)


def stage_of(roles: Sequence[Role]) -> Stage:
    """Return the stage where the code of a statement belongs."""
    for role in roles:
        if role in _STAGE:
            return _STAGE[role]
    return "data"


def _call_roles(call: Call, own_roles: Mapping[str, tuple[Role, ...]]) -> tuple[Role, ...]:
    name = call.name
    if name.startswith("__main__.") and name.count(".") == 1:
        return own_roles.get(name.partition(".")[2], ())
    known = roles_of(name)
    base, _, method = name.rpartition(".")
    if known is not None and not (method[:1].islower() and base.rsplit(".", 1)[-1][:1].isupper()):
        if name in knowledge().metrics or known:
            return known
        return known
    if method == "fit" and is_transformer(base):
        return ("preprocess",)
    if method in ("fit", "predict", "score") and "Search" in base:
        return ("tune", "train") if method == "fit" else ("evaluate",)
    if base.startswith(("matplotlib", "seaborn", "plotly")):
        return ("visualize",)
    if base.startswith("numpy") and method in ("plot", "hist"):
        return ()
    return method_roles(method)


def _ordered(found: Mapping[Role, int]) -> tuple[Role, ...]:
    return tuple(sorted((r for r in found if found[r] > 0), key=_ORDER.index))


def _writes_column(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    return any(isinstance(t, (ast.Subscript, ast.Attribute)) for t in targets)


def _new_column(node: ast.stmt, traced: StatementTrace | None) -> bool:
    """Tell whether a statement adds a column that was not there: its target is a text key made from other columns."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Subscript):
        return False
    key = node.targets[0].slice
    if not isinstance(key, ast.Constant):
        return False
    read = {
        p.slice.value
        for p in ast.walk(node.value)
        if isinstance(p, ast.Subscript) and isinstance(p.slice, ast.Constant)
    }
    return key.value not in read and bool(read)


def _about_frames(facts: StatementFacts, traced: StatementTrace | None) -> bool:
    if traced is None:
        return False
    values = [*traced.bound.values(), *traced.mutated.values()]
    return any(value.type in _FRAMES for value in values)


def _only_prints(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in ("print", "display")
    )


def _is_metric_variable(facts: StatementFacts, node: ast.stmt) -> bool:
    words = ("accuracy", "rmse", "mse", "mae", "r2", "recall", "precision", "f1", "auc", "score", "error")
    return any(
        name.lower().rstrip("0123456789_") in words or name.lower().endswith(tuple("_" + w for w in words))
        for name in facts.defines
    )
