"""`penalty="l1"` without a solver."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls

_SOLVER = "solver='liblinear'"


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the model with the solver that was the default."""
    name = qualified(original.func, scope)
    if not (name.startswith("sklearn.") and name.endswith(".LogisticRegression")) or keyword(updated, "solver"):
        return None
    return f"{text_of(updated.func)}({', '.join([*arguments_of(updated), _SOLVER])})"


REPAIR = Codemod(
    code="sklearn-solver-liblinear",
    library="scikit-learn",
    since="0.22",
    reason=(
        "The default solver of `LogisticRegression` became `lbfgs`, which knows no `l1`: the old default "
        "`liblinear` is named"
    ),
    mentions=("LogisticRegression",),
    change=calls(_rewritten),
    errors=(r"Solver lbfgs supports only",),
    cause=True,
)
