"""`"auto"` among the values of `max_features` in a grid."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-max-features-grid",
    library="scikit-learn",
    since="1.3",
    reason='`max_features="auto"` is gone: in a grid it is `"sqrt"`, as it was for classifiers',
    mentions=("max_features",),
    change=keywords((), (Keyword("max_features", values={"'auto'": "'sqrt'"}, in_dicts=True),)),
    errors=(r"'max_features' parameter of \w+Classifier",),
    cause=True,
)
