"""`get_feature_names()` of vectorizers and transformers."""

from tools.repair.model import Codemod
from tools.repair.simple import methods

REPAIR = Codemod(
    code="sklearn-feature-names",
    library="scikit-learn",
    since="1.2",
    reason="`get_feature_names` is gone: `get_feature_names_out` gives the same names as an array",
    mentions=("get_feature_names",),
    change=methods({"get_feature_names": "get_feature_names_out"}),
    errors=(r"no attribute 'get_feature_names'",),
    certain=True,
)
