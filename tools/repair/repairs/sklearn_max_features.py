"""`max_features="auto"` of trees and forests."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_CLASSIFIERS = keywords(
    ("sklearn.RandomForestClassifier", "sklearn.ExtraTreesClassifier", "sklearn.DecisionTreeClassifier"),
    (Keyword("max_features", values={"'auto'": "'sqrt'"}),),
)
_REGRESSORS = keywords(
    ("sklearn.RandomForestRegressor", "sklearn.ExtraTreesRegressor", "sklearn.DecisionTreeRegressor"),
    (Keyword("max_features", values={"'auto'": "1.0"}),),
)


REPAIR = Codemod(
    code="sklearn-max-features",
    library="scikit-learn",
    since="1.3",
    reason=(
        '`max_features="auto"` is gone: it was `"sqrt"` for classifiers and forests of extra trees, and all '
        "features (`1.0`) for regressors"
    ),
    mentions=("max_features",),
    change=one_after_another(_CLASSIFIERS, _REGRESSORS),
    errors=(r"'max_features' parameter",),
    certain=True,
)
