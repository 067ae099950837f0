"""Methods that series had from arrays."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.receivers import class_of
from tools.repair.simple import arguments_of, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call on the array of a series."""
    receiver, name = method_of(updated)
    func = original.func
    if name not in ("ravel", "reshape", "nonzero", "ptp") or not isinstance(func, cst.Attribute):
        return None
    known = class_of(func, scope)
    if not (known == "Series" or (not known and scope.line)):
        return None
    return f"{receiver}.to_numpy().{name}({', '.join(arguments_of(updated))})"


REPAIR = Codemod(
    code="pandas-series-array-methods",
    library="pandas",
    since="3.0",
    reason="`ravel`, `reshape`, `nonzero` and `ptp` of a series are gone: they are asked of its array",
    mentions=(".ravel(", ".reshape(", ".nonzero(", ".ptp(", ".itemset(", ".argpartition("),
    change=calls(_rewritten),
    errors=(
        r"'(Series|Categorical|ArrowStringArray|StringArray)' object has no attribute '(ravel|reshape|nonzero|ptp)'",
    ),
)
