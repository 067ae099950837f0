"""Changes of a column that reach only a copy: `df["a"].fillna(0, inplace=True)`, `df["a"][rows] = 0`.

Under pandas 3 they change nothing and raise nothing. What a notebook computes here without an error is not changed
behind its author's back: where nothing fails, the statement is told as a finding with this repair offered. It is made
only where an error follows that such a change would have prevented (missing values, text among numbers).
"""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.receivers import class_of_value
from tools.repair.rewrite import expression, keyword, rewrite, text_of
from tools.repair.simple import arguments_of


def change(code: str, scope: Scope) -> str:
    """Return the statement with an assignment to the column of the frame itself."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if isinstance(updated, cst.Expr) and isinstance(updated.value, cst.Call):
            return _in_place(updated.value, scope)
        if isinstance(updated, cst.Assign) and len(updated.targets) == 1:
            return _chained(updated, scope)
        return None

    return rewrite(code, scope, (cst.Expr, cst.Assign), rule)


def _in_place(call: cst.Call, scope: Scope) -> cst.Assign | None:
    argument = keyword(call, "inplace")
    if argument is None or text_of(argument.value) != "True" or not isinstance(call.func, cst.Attribute):
        return None
    column = call.func.value
    if not _is_column(column, scope):
        return None
    value = expression(f"{text_of(call.func)}({', '.join(arguments_of(call, ('inplace',)))})")
    assert isinstance(column, cst.Subscript | cst.Attribute)
    return cst.Assign([cst.AssignTarget(column)], value)


def _chained(assign: cst.Assign, scope: Scope) -> cst.Assign | None:
    target = assign.targets[0].target
    if not isinstance(target, cst.Subscript) or len(target.slice) != 1:
        return None
    column = target.value
    if isinstance(column, cst.Attribute) and column.attr.value == "loc":
        column = column.value
    if not isinstance(column, cst.Subscript | cst.Attribute) or class_of_value(column, scope) != "Series":
        return None
    rows = text_of(target.slice[0].slice)
    name = text_of(column.slice[0].slice) if isinstance(column, cst.Subscript) else repr(column.attr.value)
    new = expression(f"{text_of(column.value)}.loc[{rows}, {name}]")
    return assign.with_changes(targets=[cst.AssignTarget(cst.ensure_type(new, cst.Subscript))])


def _is_column(node: cst.CSTNode, scope: Scope) -> bool:
    """Tell whether an expression is one column of a frame that is known to be one."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        one = isinstance(node.slice[0].slice.value, cst.SimpleString | cst.Name)
        return one and class_of_value(node.value, scope) == "DataFrame"
    return isinstance(node, cst.Attribute) and class_of_value(node.value, scope) == "DataFrame"


REPAIR = Codemod(
    code="pandas-chained-inplace",
    library="pandas",
    since="3.0",
    reason=(
        "a change of a column taken out of a frame reaches only a copy, and the frame stays as it is: "
        "the column of the frame is assigned instead"
    ),
    mentions=("inplace", "] ="),
    change=change,
    errors=(
        r"contains NaN",
        r"could not convert string to float",
        r"Cannot convert non-finite values",
        r"invalid literal for int\(\)",
    ),
    cause=True,
    silent=True,
)
