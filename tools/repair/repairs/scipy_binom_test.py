"""`scipy.stats.binom_test`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import moved
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import arguments_of, calls

_MOVE = moved({"scipy.stats.binom_test": "scipy.stats.binomtest"})


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the p-value of the new test."""
    if qualified(original.func, scope) != "scipy.stats.binom_test":
        return None
    return f"{text_of(updated.func)}({', '.join(arguments_of(updated))}).pvalue"


def change(code: str, scope: Scope) -> str:
    """Return the statement with the new test."""
    return _MOVE(calls(_rewritten)(code, scope), scope)


REPAIR = Codemod(
    code="scipy-binom-test",
    library="scipy",
    since="1.12",
    reason="`binom_test` is gone: `binomtest` gives an object with the p-value",
    mentions=("binom_test",),
    change=change,
    errors=(r"(no attribute|cannot import name) 'binom_test'",),
    certain=True,
)
