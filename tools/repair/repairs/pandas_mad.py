"""`mad`, the mean absolute deviation."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.simple import calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return what the method computed."""
    receiver, name = method_of(updated)
    return f"({receiver} - {receiver}.mean()).abs().mean()" if name == "mad" and not updated.args else None


REPAIR = Codemod(
    code="pandas-mad",
    library="pandas",
    since="2.0",
    reason="`mad` is gone: it is written out as the mean of the distances from the mean",
    mentions=(".mad(",),
    change=calls(_rewritten),
    errors=(r"no attribute 'mad'",),
    certain=True,
)
