"""Values of another kind assigned into a column: since pandas 3 the column does not become one of objects by itself."""

import re

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.receivers import class_of_value
from tools.repair.rewrite import rewrite, text_of

_INVALID = re.compile(r"Invalid value '(.*)' for dtype '?(\w+)")


def change(code: str, scope: Scope) -> str:
    """Return the statement with the column made one of objects (or of floats) in front of it."""
    found = _INVALID.search(scope.error)
    kind = "float" if found and found[2].startswith("int") and _is_number(found[1]) else "object"
    columns: list[str] = []

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> None:
        if failing and isinstance(original, cst.AssignTarget | cst.AugAssign):
            columns.extend(_columns(original.target, scope))
        elif failing and isinstance(original, cst.Call) and isinstance(original.func, cst.Attribute):
            column = original.func.value
            if original.func.attr.value in ("fillna", "replace", "mask", "where", "update"):
                columns.extend([text_of(column)] if isinstance(column, cst.Name | cst.Subscript) else [])

    rewrite(code, scope, (cst.AssignTarget, cst.AugAssign, cst.Call), rule)
    if not scope.line:
        return code
    return "".join(f"{c} = {c}.astype({kind})\n" for c in dict.fromkeys(columns)) + code


def _columns(target: cst.BaseExpression, scope: Scope) -> list[str]:
    """Return the columns that an assignment writes into."""
    if not isinstance(target, cst.Subscript):
        return []
    holder = target.value
    located = isinstance(holder, cst.Attribute) and holder.attr.value in ("loc", "at")
    if located and isinstance(holder, cst.Attribute):
        if len(target.slice) == 2 and isinstance(holder.value, cst.Name):
            name = target.slice[1].slice
            literal = isinstance(name, cst.Index) and isinstance(name.value, cst.SimpleString | cst.List)
            return [f"{text_of(holder.value)}[{text_of(name)}]"] if literal else []
        return [text_of(holder.value)] if class_of_value(holder.value, scope) == "Series" else []
    if isinstance(holder, cst.Attribute) and holder.attr.value in ("iloc", "iat"):
        holder = holder.value
    if class_of_value(holder, scope) == "Series" or isinstance(holder, cst.Subscript):
        return [text_of(holder)]
    attribute = isinstance(holder, cst.Attribute) and class_of_value(holder.value, scope) == "DataFrame"
    return [text_of(holder)] if attribute else []


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(e-?\d+)?|nan", text) is not None


REPAIR = Codemod(
    code="pandas-assigned-dtype",
    library="pandas",
    since="3.0",
    reason=(
        "a column of text or of whole numbers no longer takes values of another kind: "
        "it is made a column of objects (of floats) first, as it was done by itself"
    ),
    mentions=("=", "fillna", "replace"),
    change=change,
    errors=(r"TypeError: Invalid value '.*' for dtype",),
)
