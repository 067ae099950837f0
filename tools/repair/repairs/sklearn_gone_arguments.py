"""Arguments that did nothing any more and are gone."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

_FUNCTIONS = tuple(
    f"sklearn.{name}"
    for name in [
        "DecisionTreeClassifier",
        "DecisionTreeRegressor",
        "RandomForestClassifier",
        "RandomForestRegressor",
        "ExtraTreesClassifier",
        "ExtraTreesRegressor",
        "GradientBoostingClassifier",
        "GradientBoostingRegressor",
        "GridSearchCV",
        "RandomizedSearchCV",
        "IsolationForest",
    ]
)
_EDITS = (
    Keyword("presort"),
    Keyword("min_impurity_split", values={"None": "", "1e-07": "", "1e-7": ""}),
    Keyword("iid", values={"False": ""}),
    Keyword("behaviour"),
)


REPAIR = Codemod(
    code="sklearn-gone-arguments",
    library="scikit-learn",
    since="1.0",
    reason="Arguments without an effect are gone: `presort`, `min_impurity_split`, `iid`, `fit_params` set to `None`",
    mentions=("presort", "min_impurity_split", "iid", "behaviour"),
    change=keywords(_FUNCTIONS, _EDITS),
    errors=(r"unexpected keyword argument '(presort|min_impurity_split|iid|behaviour)'",),
    certain=True,
)
