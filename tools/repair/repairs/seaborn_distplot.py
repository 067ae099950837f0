"""`sns.distplot`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import calls

_KEPT = ("bins", "ax", "color", "label", "kde", "rug")


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of `histplot`, or of `kdeplot` where the histogram was left out."""
    if qualified(original.func, scope) != "seaborn.distplot" or not updated.args:
        return None
    hist = keyword(updated, "hist")
    if hist is not None and text_of(hist.value) == "False":
        name, extra = "kdeplot", list[str]()
        kept: tuple[str, ...] = ("ax", "color", "label")
    else:
        name, kept = "histplot", tuple(k for k in _KEPT if k != "rug")
        extra = ["stat='density'"] + ([] if keyword(updated, "kde") else ["kde=True"])
    parts = [text_of(updated.args[0].value)]
    parts += [
        f"{a.keyword.value}={text_of(a.value)}" for a in updated.args[1:] if a.keyword and a.keyword.value in kept
    ]
    return f"{text_of(updated.func).replace('distplot', name)}({', '.join([*parts, *extra])})"


REPAIR = Codemod(
    code="seaborn-distplot",
    library="seaborn",
    since="0.14",
    reason="`distplot` is gone: `histplot` draws the same histogram as a density",
    mentions=("distplot",),
    change=calls(_rewritten),
    errors=(r"no attribute 'distplot'",),
    certain=True,
)
