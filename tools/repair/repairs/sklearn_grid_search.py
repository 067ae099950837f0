"""`sklearn.grid_search` and `sklearn.learning_curve` became part of `sklearn.model_selection`."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

REPAIR = Codemod(
    code="sklearn-grid-search",
    library="scikit-learn",
    since="0.20",
    reason="`sklearn.grid_search` and `sklearn.learning_curve` are gone: both are in `sklearn.model_selection`",
    mentions=("grid_search", "learning_curve"),
    change=moved(
        {"sklearn.grid_search": "sklearn.model_selection", "sklearn.learning_curve": "sklearn.model_selection"}
    ),
    errors=(
        r"sklearn\.(grid_search|learning_curve)",
        r"cannot import name '(grid_search|learning_curve)' from 'sklearn'",
    ),
    certain=True,
)
