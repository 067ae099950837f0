"""Metrics that were renamed."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {
    "sklearn.metrics.calinski_harabaz_score": "sklearn.metrics.calinski_harabasz_score",
    "sklearn.metrics.jaccard_similarity_score": "sklearn.metrics.accuracy_score",
}


REPAIR = Codemod(
    code="sklearn-renamed-metrics",
    library="scikit-learn",
    since="0.23",
    reason=(
        "`calinski_harabaz_score` is spelt `calinski_harabasz_score`; `jaccard_similarity_score` is gone: for "
        "labels of one column it was the accuracy, and `accuracy_score` stands in its place"
    ),
    mentions=("calinski_harabaz", "jaccard_similarity"),
    change=moved(_NAMES),
    errors=(r"(cannot import name|no attribute) '(calinski_harabaz_score|jaccard_similarity_score)'",),
    certain=True,
)
