"""`plot_date`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword
from tools.repair.simple import arguments_of, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of `plot`."""
    receiver, name = method_of(updated)
    if name != "plot_date":
        return None
    styled = keyword(updated, "fmt") or len([a for a in updated.args if a.keyword is None]) > 2
    parts = arguments_of(updated, ("xdate", "ydate", "tz"))
    points = [] if styled else ["marker='o'", "linestyle=''"]
    return f"{receiver}.plot({', '.join([*parts, *points])})"


REPAIR = Codemod(
    code="matplotlib-plot-date",
    library="matplotlib",
    since="3.11",
    reason="`plot_date` is gone: `plot` draws dates; points are drawn with the marker `o`",
    mentions=("plot_date",),
    change=calls(_rewritten),
    errors=(r"no attribute 'plot_date'",),
    certain=True,
)
