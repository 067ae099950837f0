"""`base_estimator=` of the ensembles is now `estimator=`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-base-estimator",
    library="scikit-learn",
    since="1.4",
    reason="The argument `base_estimator` was renamed to `estimator`",
    mentions=("base_estimator",),
    change=keywords(
        (
            "sklearn.BaggingClassifier",
            "sklearn.BaggingRegressor",
            "sklearn.AdaBoostClassifier",
            "sklearn.AdaBoostRegressor",
            "sklearn.CalibratedClassifierCV",
        ),
        (Keyword("base_estimator", "estimator", in_dicts=True),),
    ),
    errors=(r"unexpected keyword argument 'base_estimator'", r"Invalid parameter 'base_estimator'"),
    certain=True,
)
