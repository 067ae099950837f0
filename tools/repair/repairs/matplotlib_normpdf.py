"""`mlab.normpdf`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import moved, named
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import arguments_of, calls

_OLD = "matplotlib.mlab.normpdf"
_MOVE = moved({_OLD: "scipy.stats.norm"})


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the density of scipy's normal distribution."""
    if qualified(original.func, scope) != _OLD:
        return None
    bound = isinstance(updated.func, cst.Name)
    norm = text_of(updated.func) if bound else named("scipy.stats.norm", scope, added)
    return f"{norm}.pdf({', '.join(arguments_of(updated))})"


def change(code: str, scope: Scope) -> str:
    """Return the statement with scipy's normal distribution."""
    return _MOVE(calls(_rewritten)(code, scope), scope)


REPAIR = Codemod(
    code="matplotlib-normpdf",
    library="matplotlib",
    since="3.1",
    reason="`matplotlib.mlab.normpdf` is gone: `scipy.stats.norm.pdf` is the same density",
    mentions=("normpdf",),
    change=change,
    errors=(r"(no attribute|cannot import name) 'normpdf'",),
    certain=True,
)
