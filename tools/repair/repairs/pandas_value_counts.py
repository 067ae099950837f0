"""`pd.value_counts`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import named
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import argument_text, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of the method."""
    if qualified(original.func, scope) != "pandas.value_counts" or not updated.args:
        return None
    rest = ", ".join(map(argument_text, updated.args[1:]))
    return f"{named('pandas.Series', scope, added)}({text_of(updated.args[0].value)}).value_counts({rest})"


REPAIR = Codemod(
    code="pandas-value-counts",
    library="pandas",
    since="3.0",
    reason="`pd.value_counts(x)` is gone: `pd.Series(x).value_counts()` does the same",
    mentions=("value_counts",),
    change=calls(_rewritten),
    errors=(r"(module 'pandas' has no attribute|cannot import name) 'value_counts'",),
    certain=True,
)
