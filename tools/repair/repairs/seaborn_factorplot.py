"""`sns.factorplot`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of `catplot`."""
    name = qualified(original.func, scope)
    if name != "seaborn.factorplot":
        return None
    parts = []
    for number, argument in enumerate(updated.args):
        key = argument.keyword.value if argument.keyword else ("x", "y", "hue", "data")[number]
        parts.append(f"{'height' if key == 'size' else key}={text_of(argument.value)}")
    if keyword(updated, "kind") is None:
        parts.append("kind='point'")
    return f"{text_of(updated.func).replace('factorplot', 'catplot')}({', '.join(parts)})"


REPAIR = Codemod(
    code="seaborn-factorplot",
    library="seaborn",
    since="0.12",
    reason="`factorplot` is gone: `catplot` draws the same, points by default",
    mentions=("factorplot",),
    change=calls(_rewritten),
    errors=(r"no attribute 'factorplot'",),
    certain=True,
)
