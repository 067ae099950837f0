"""Whose method is called: the class of a receiver, from the run, from the error, or from how it is written."""

import libcst as cst

from tools.repair.model import Scope
from tools.repair.rewrite import plain, qualified

_MAKES_FRAMES = frozenset(
    [
        "DataFrame",
        "read_csv",
        "read_excel",
        "read_table",
        "read_json",
        "read_parquet",
        "read_sql",
        "read_pickle",
        "concat",
        "merge",
        "get_dummies",
        "crosstab",
        "pivot_table",
        "melt",
    ]
)
_KEEPS_FRAMES = frozenset(
    [
        "copy",
        "drop",
        "dropna",
        "fillna",
        "head",
        "tail",
        "sample",
        "reset_index",
        "set_index",
        "sort_values",
        "sort_index",
        "rename",
        "astype",
        "replace",
        "drop_duplicates",
        "merge",
        "join",
        "append",
        "assign",
        "reindex",
        "query",
    ]
)

_NO_COLUMNS = frozenset(["loc", "iloc", "at", "iat", "ix", "columns", "index", "values", "T", "str", "dt", "plot"])


def is_one_of(call: cst.Call, classes: tuple[str, ...], scope: Scope, failing: bool) -> bool:
    """Tell whether the receiver of a method call is an object of some classes.

    Args:
        call: As written; a call of a method.
        classes: Their names.
        scope: Around the statement.
        failing: The failing line lies in the call, and the error is about one of the classes: then only a receiver
            that is known to be something else is not meant.
    """
    func = call.func
    if not isinstance(func, cst.Attribute):
        return False
    known = class_of(func, scope)
    return known in classes if known else failing


def class_of(func: cst.Attribute, scope: Scope) -> str:
    """Return the name of the class whose method is called; empty where unknown.

    Args:
        func: The method, as written.
        scope: Around the statement.
    """
    seen = scope.calls.get(plain(func))
    return seen or class_of_value(func.value, scope)


def class_of_value(node: cst.BaseExpression, scope: Scope) -> str:
    """Return the name of the class of an expression; empty where unknown.

    Args:
        node: As written.
        scope: Around the statement.
    """
    if isinstance(node, cst.List | cst.ListComp):
        return "list"
    if isinstance(node, cst.Name):
        known = scope.types.get(node.value, frozenset())
        return next(iter(known)) if len(known) == 1 else ""
    if isinstance(node, cst.Call):
        name = qualified(node.func, scope)
        if name.startswith("pandas.") and name.rpartition(".")[2] in _MAKES_FRAMES:
            return "DataFrame"
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _KEEPS_FRAMES:
            return class_of_value(node.func.value, scope)
    if isinstance(node, cst.Attribute) and class_of_value(node.value, scope) == "DataFrame":
        return "" if node.attr.value in _NO_COLUMNS else "Series"
    if isinstance(node, cst.Subscript) and class_of_value(node.value, scope) == "DataFrame" and len(node.slice) == 1:
        index = node.slice[0].slice
        if isinstance(index, cst.Index):
            return "Series" if isinstance(index.value, cst.SimpleString) else "DataFrame"
    return ""
