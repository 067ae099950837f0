"""`drop` with columns and an axis."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, text_of
from tools.repair.simple import arguments_of, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call without the axis."""
    if method_of(updated)[1] not in ("drop", "rename") or keyword(updated, "axis") is None:
        return None
    if keyword(updated, "columns") is None and keyword(updated, "index") is None:
        return None
    return f"{text_of(updated.func)}({', '.join(arguments_of(updated, ('axis',)))})"


REPAIR = Codemod(
    code="pandas-drop-twice",
    library="pandas",
    since="3.0",
    reason="`axis` beside `columns=` is an error: it said the same, and is taken out",
    mentions=(".drop(",),
    change=calls(_rewritten),
    errors=(r"Cannot specify both 'axis' and 'index'/'columns'",),
)
