"""`algorithm=` of `AdaBoostClassifier`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-adaboost-algorithm",
    library="scikit-learn",
    since="1.8",
    reason=(
        "The argument `algorithm` is gone: only `SAMME` is left; `SAMME.R` computed other weights, so that "
        "figures may differ from the saved ones"
    ),
    mentions=("algorithm",),
    change=keywords(("sklearn.AdaBoostClassifier",), (Keyword("algorithm"),)),
    errors=(r"AdaBoostClassifier.*unexpected keyword argument 'algorithm'",),
    certain=True,
)
