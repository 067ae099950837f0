"""`pd.TimeGrouper`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import named
from tools.repair.rewrite import qualified
from tools.repair.simple import argument_text, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the grouper."""
    if qualified(original.func, scope) != "pandas.TimeGrouper" or not updated.args:
        return None
    parts = [argument_text(a, "" if n else "freq") for n, a in enumerate(updated.args)]
    return f"{named('pandas.Grouper', scope, added)}({', '.join(parts)})"


REPAIR = Codemod(
    code="pandas-time-grouper",
    library="pandas",
    since="1.0",
    reason="`pd.TimeGrouper` is gone: `pd.Grouper` takes the frequency by name",
    mentions=("TimeGrouper",),
    change=calls(_rewritten),
    errors=(r"(no attribute|cannot import name) 'TimeGrouper'",),
    certain=True,
)
