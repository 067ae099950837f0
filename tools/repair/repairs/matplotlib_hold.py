"""`plt.hold`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.simple import calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return nothing in its place."""
    return "None" if method_of(updated)[1] == "hold" and len(updated.args) <= 1 else None


REPAIR = Codemod(
    code="matplotlib-hold",
    library="matplotlib",
    since="3.0",
    reason="`hold` is gone: drawing always adds to what is there",
    mentions=("hold(",),
    change=calls(_rewritten),
    errors=(r"no attribute 'hold'",),
    certain=True,
)
