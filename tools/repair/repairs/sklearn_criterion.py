"""`criterion="mse"` and `"mae"` of trees and forests."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

_VALUES = {
    "'mse'": "'squared_error'",
    "'mae'": "'absolute_error'",
}


REPAIR = Codemod(
    code="sklearn-criterion",
    library="scikit-learn",
    since="1.2",
    reason="The criteria `mse` and `mae` are called `squared_error` and `absolute_error`",
    mentions=("criterion",),
    change=keywords(
        (
            "sklearn.DecisionTreeRegressor",
            "sklearn.RandomForestRegressor",
            "sklearn.ExtraTreesRegressor",
            "sklearn.ExtraTreeRegressor",
            "sklearn.GradientBoostingRegressor",
        ),
        (Keyword("criterion", values=_VALUES, in_dicts=True),),
    ),
    errors=(r"'criterion' parameter",),
    certain=True,
)
