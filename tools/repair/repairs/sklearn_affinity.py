"""`AgglomerativeClustering(affinity=…)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-affinity",
    library="scikit-learn",
    since="1.4",
    reason="The argument `affinity` of `AgglomerativeClustering` was renamed to `metric`",
    mentions=("affinity",),
    change=keywords(
        ("sklearn.AgglomerativeClustering", "sklearn.FeatureAgglomeration"), (Keyword("affinity", "metric"),)
    ),
    errors=(r"Agglomerat.*unexpected keyword argument 'affinity'",),
    certain=True,
)
