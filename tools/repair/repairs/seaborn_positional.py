"""x and y given by position."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import argument_text, calls

_PLOTS = (
    "barplot",
    "boxplot",
    "scatterplot",
    "lineplot",
    "violinplot",
    "stripplot",
    "swarmplot",
    "pointplot",
    "lmplot",
    "jointplot",
    "regplot",
    "residplot",
    "boxenplot",
    "relplot",
    "catplot",
)


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with x and y named."""
    module, _, name = qualified(original.func, scope).rpartition(".")
    positional = [a for a in updated.args if a.keyword is None and not a.star]
    if module != "seaborn" or name not in _PLOTS or len(positional) not in (2, 3, 4):
        return None
    named = {
        id(a): key
        for key, a in zip(("x", "y", "hue" if len(positional) == 4 else "data", "data"), positional, strict=False)
    }
    parts = [argument_text(a, named.get(id(a), "")) for a in updated.args]
    return f"{text_of(updated.func)}({', '.join(parts)})"


REPAIR = Codemod(
    code="seaborn-positional",
    library="seaborn",
    since="0.12",
    reason="`x` and `y` are taken by name only",
    mentions=_PLOTS,
    change=calls(_rewritten),
    errors=(
        r"takes (from )?\d( to \d)? positional arguments? but \d",
        r"got multiple values for argument 'data'",
    ),
)
