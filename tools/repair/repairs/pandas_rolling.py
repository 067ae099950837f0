"""`pd.rolling_mean` and its kin."""

import re

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import argument_text, calls

_NAME = re.compile(r"pandas\.(?:(rolling|expanding)_(mean|std|sum|var|min|max|median|count)|ewm(a|std|var))")
_WEIGHTED = {"a": "mean", "std": "std", "var": "var"}
_OF_WINDOW = ("window", "min_periods", "center", "span", "com", "halflife", "alpha", "adjust", "ignore_na")


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of the method."""
    found = _NAME.fullmatch(qualified(original.func, scope))
    if found is None or not updated.args or updated.args[0].keyword is not None:
        return None
    window, method = found[1] or "ewm", found[2] or _WEIGHTED[found[3]]
    inside: list[str] = []
    outside: list[str] = []
    for argument in updated.args[1:]:
        mine = argument.keyword is None or argument.keyword.value in _OF_WINDOW
        (inside if mine else outside).append(argument_text(argument))
    values = text_of(updated.args[0].value)
    return f"{values}.{window}({', '.join(inside)}).{method}({', '.join(outside)})"


REPAIR = Codemod(
    code="pandas-rolling",
    library="pandas",
    since="0.23",
    reason="`pd.rolling_mean(x, …)` is gone: `x.rolling(…).mean()` does the same, as do `expanding` and `ewm`",
    mentions=("rolling_", "expanding_", "ewm"),
    change=calls(_rewritten),
    errors=(
        r"module 'pandas' has no attribute '(rolling|expanding|ewm)",
        r"cannot import name '(rolling|expanding|ewm)\w+' from 'pandas'",
    ),
    certain=True,
)
