"""Means and correlations of frames with columns of text."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.receivers import class_of
from tools.repair.rewrite import expression, keyword, rewrite, text_of
from tools.repair.simple import arguments_of

_NAMES = frozenset(
    ["corr", "cov", "mean", "median", "std", "var", "sum", "skew", "kurt", "quantile", "min", "max", "sem"]
)
_GROUPS = ("DataFrameGroupBy", "Resampler", "DatetimeIndexResampler", "Rolling")


def change(code: str, scope: Scope) -> str:
    """Return the statement with `numeric_only=True` where the failing line computes from a whole frame."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (failing and isinstance(original, cst.Call) and isinstance(updated, cst.Call)):
            return None
        func = original.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in _NAMES or keyword(updated, "numeric_only"):
            return None
        known = class_of(func, scope)
        grouped = "groupby" in text_of(func.value) and known in ("", *_GROUPS)
        if known not in ("DataFrame", *_GROUPS) and not grouped:
            return None
        return expression(f"{text_of(updated.func)}({', '.join([*arguments_of(updated), 'numeric_only=True'])})")

    return rewrite(code, scope, (cst.Call,), rule)


REPAIR = Codemod(
    code="pandas-numeric-only",
    library="pandas",
    since="2.0",
    reason="Columns that are no numbers are no longer left out by themselves: `numeric_only=True` leaves them out",
    mentions=(
        ".corr(",
        ".cov(",
        ".mean(",
        ".median(",
        ".std(",
        ".var(",
        ".sum(",
        ".skew(",
        ".kurt(",
        ".quantile(",
        ".min(",
        ".max(",
        ".sem(",
    ),
    change=change,
    errors=(
        r"could not convert string to float",
        r"does not support operation '\w+'",
        r"agg function failed \[how->",
        r"Could not convert .* to numeric",
        r"unsupported operand type\(s\) for \+: '(int|float)' and 'str'",
        r"does not support (reduction|sum)",
        r"datetime64 type does not support",
    ),
)
