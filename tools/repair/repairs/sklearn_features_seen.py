"""Attributes that told the number of features seen."""

from tools.repair.model import Codemod
from tools.repair.simple import attributes

REPAIR = Codemod(
    code="sklearn-features-seen",
    library="scikit-learn",
    since="1.2",
    reason="`n_features_` of trees and forests is gone: `n_features_in_` holds the same",
    mentions=(".n_features_",),
    change=attributes({"n_features_": "n_features_in_"}),
    errors=(r"no attribute 'n_features_'",),
)
