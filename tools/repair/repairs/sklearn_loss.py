"""Losses that were renamed."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_BOOSTED = keywords(
    ("sklearn.GradientBoostingRegressor", "sklearn.GradientBoostingClassifier"),
    (
        Keyword(
            "loss",
            values={"'ls'": "'squared_error'", "'lad'": "'absolute_error'", "'deviance'": "'log_loss'"},
            in_dicts=True,
        ),
    ),
)
_DESCENT = keywords(
    ("sklearn.SGDClassifier", "sklearn.SGDRegressor"),
    (Keyword("loss", values={"'log'": "'log_loss'", "'squared_loss'": "'squared_error'"}, in_dicts=True),),
)


REPAIR = Codemod(
    code="sklearn-loss",
    library="scikit-learn",
    since="1.3",
    reason=(
        "Losses have new names: `ls` is `squared_error`, `lad` `absolute_error`, `deviance` and `log` are `log_loss`"
    ),
    mentions=("loss",),
    change=one_after_another(_BOOSTED, _DESCENT),
    errors=(
        r"'loss' parameter",
        r"loss .* is not supported",
    ),
    certain=True,
)
