"""`sklearn.lda` and `sklearn.qda`."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {
    "sklearn.lda.LDA": "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",
    "sklearn.qda.QDA": "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis",
    "sklearn.lda": "sklearn.discriminant_analysis",
    "sklearn.qda": "sklearn.discriminant_analysis",
}


REPAIR = Codemod(
    code="sklearn-discriminant-analysis",
    library="scikit-learn",
    since="0.19",
    reason=(
        "`sklearn.lda` and `sklearn.qda` are gone: their classes are in `sklearn.discriminant_analysis`, with "
        "long names"
    ),
    mentions=("lda", "qda"),
    change=moved(_NAMES),
    errors=(
        r"No module named 'sklearn\.(lda|qda)'",
        r"cannot import name '(lda|qda)'",
    ),
    certain=True,
)
