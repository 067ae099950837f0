"""`as_matrix` and `get_values`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, text_of
from tools.repair.simple import calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of `to_numpy`, of some columns only where they were named."""
    receiver, name = method_of(updated)
    if name not in ("as_matrix", "get_values"):
        return None
    columns = keyword(updated, "columns") or (updated.args[0] if updated.args else None)
    return f"{receiver}[{text_of(columns.value)}].to_numpy()" if columns is not None else f"{receiver}.to_numpy()"


REPAIR = Codemod(
    code="pandas-as-matrix",
    library="pandas",
    since="1.0",
    reason="`as_matrix` and `get_values` are gone: `to_numpy` gives the same array",
    mentions=("as_matrix", "get_values"),
    change=calls(_rewritten),
    errors=(r"no attribute '(as_matrix|get_values)'",),
    certain=True,
)
