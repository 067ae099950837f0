"""`normalize=` of the linear models."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_ORDINARY = keywords(("sklearn.LinearRegression",), (Keyword("normalize"),))
_PENALISED = keywords(
    tuple(
        f"sklearn.{name}"
        for name in [
            "Ridge",
            "RidgeCV",
            "RidgeClassifier",
            "RidgeClassifierCV",
            "Lasso",
            "LassoCV",
            "ElasticNet",
            "ElasticNetCV",
            "Lars",
            "LarsCV",
            "LassoLars",
            "LassoLarsCV",
            "LassoLarsIC",
            "BayesianRidge",
            "ARDRegression",
            "OrthogonalMatchingPursuit",
        ]
    ),
    (Keyword("normalize", values={"False": ""}),),
)


REPAIR = Codemod(
    code="sklearn-linear-normalize",
    library="scikit-learn",
    since="1.2",
    reason=(
        "The argument `normalize` is gone: without it ordinary least squares computes the same model; of "
        "penalised models only `normalize=False`, which was the default, is taken out"
    ),
    mentions=("normalize",),
    change=one_after_another(_ORDINARY, _PENALISED),
    errors=(r"unexpected keyword argument 'normalize'",),
    certain=True,
)
