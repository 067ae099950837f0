"""Operators for any code: settings ignored, checks removed, bounds and signs changed."""

import ast
from collections.abc import Iterator

from tools.checks.mutation.model import Change, Operator, Place

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_COMPUTED: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
_COSMETIC = frozenset({"indent", "name", "parents", "exist_ok", "encoding", "path", "index", "verbose", "level"})
_TRACKING = {"start_run", "log_params", "log_dict", "log_artifact", "set_tracking_uri"}


def removed_check(place: Place) -> Iterator[Change]:
    """Take out a check that raises."""
    node = place.node
    if isinstance(node, ast.If) and not node.orelse and any(isinstance(s, ast.Raise) for s in node.body):
        yield node, "pass"


def ignored_setting(place: Place) -> Iterator[Change]:
    """Pass another value than the setting."""
    node = place.node
    if not isinstance(node, ast.keyword) or node.arg is None or not isinstance(node.value, ast.Name | ast.Attribute):
        return
    if node.arg in _COSMETIC:
        return
    name = ast.unparse(node.value)
    owner = place.parents[0] if place.parents else None
    if isinstance(owner, ast.Call) and name.rpartition(".")[2].lower().endswith(node.arg.lower()):
        number = f"{name} + 1 if isinstance({name}, int) else {name} * 0.5 if isinstance({name}, float) else None"
        yield node.value, f"({number})"


def flipped_comparison(place: Place) -> Iterator[Change]:
    """Turn a comparison into its neighbour."""
    node = place.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        sign = _COMPARED[type(node.ops[0])]
        yield node, f"({ast.unparse(node.left)} {sign} {ast.unparse(node.comparators[0])})"


def flipped_arithmetic(place: Place) -> Iterator[Change]:
    """Turn a sign."""
    node = place.node
    if isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED and not _is_text(node):
        yield node, f"({ast.unparse(node.left)} {_COMPUTED[type(node.op)]} {ast.unparse(node.right)})"


def off_by_one(place: Place) -> Iterator[Change]:
    """Move the bound of a slice or a range, or an index."""
    node = place.node
    if isinstance(node, ast.Slice):
        if node.upper is not None and not isinstance(node.upper, ast.UnaryOp):
            yield node.upper, f"{ast.unparse(node.upper)} + 1"
        elif node.lower is not None and not isinstance(node.lower, ast.UnaryOp):
            yield node.lower, f"{ast.unparse(node.lower)} + 1"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        yield node.args[-1], f"{ast.unparse(node.args[-1])} - 1"


def changed_constant(place: Place) -> Iterator[Change]:
    """Change a number in a computation."""
    node = place.node
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    parent = place.parents[0] if place.parents else None
    if isinstance(parent, ast.keyword) and parent.arg in _COSMETIC:
        return
    if isinstance(parent, ast.BinOp | ast.Compare | ast.keyword | ast.Assign | ast.Subscript):
        yield node, repr(node.value + 1)


def inverted_condition(place: Place) -> Iterator[Change]:
    """Take the other branch."""
    node = place.node
    if isinstance(node, ast.If) and node.orelse and not isinstance(node.test, ast.Compare):
        yield node.test, f"not ({ast.unparse(node.test)})"


def _is_text(node: ast.BinOp) -> bool:
    kinds = (ast.JoinedStr,)
    sides = (node.left, node.right)
    return any(isinstance(s, kinds) or (isinstance(s, ast.Constant) and isinstance(s.value, str)) for s in sides) or (
        isinstance(node.op, ast.Div) and any("path" in ast.unparse(s).lower() for s in sides)
    )


def is_tracking(node: ast.AST) -> bool:
    """Tell whether a node only tracks, logs or describes the model for serving."""
    if isinstance(node, ast.Assign):
        return any(ast.unparse(target).startswith("example") for target in node.targets)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id == "infer_signature"
    if not isinstance(node.func, ast.Attribute):
        return False
    owner = ast.unparse(node.func.value)
    return owner in ("log", "logger", "structlog") or (owner.startswith("mlflow") and node.func.attr in _TRACKING)


OPERATORS = (
    Operator("error check removed", 0, removed_check),
    Operator("setting ignored", 1, ignored_setting),
    Operator("comparison flipped", 2, flipped_comparison),
    Operator("off by one", 2, off_by_one),
    Operator("arithmetic flipped", 2, flipped_arithmetic),
    Operator("condition inverted", 2, inverted_condition),
    Operator("constant changed", 3, changed_constant),
)
