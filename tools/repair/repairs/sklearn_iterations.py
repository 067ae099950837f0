"""`n_iter=` of the stochastic linear models."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls

_MODELS = ("SGDClassifier", "SGDRegressor", "Perceptron", "PassiveAggressiveClassifier", "PassiveAggressiveRegressor")


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with `max_iter`."""
    argument = keyword(updated, "n_iter")
    name = qualified(original.func, scope)
    if argument is None or not name.startswith("sklearn.") or name.rpartition(".")[2] not in _MODELS:
        return None
    rounds = [f"max_iter={text_of(argument.value)}", "tol=None"]
    return f"{text_of(updated.func)}({', '.join([*arguments_of(updated, ('n_iter', 'tol')), *rounds])})"


REPAIR = Codemod(
    code="sklearn-iterations",
    library="scikit-learn",
    since="0.21",
    reason="The argument `n_iter` is gone: `max_iter` with `tol=None` does as many rounds",
    mentions=("n_iter",),
    change=calls(_rewritten),
    errors=(r"unexpected keyword argument 'n_iter'",),
    certain=True,
)
