"""Arguments of `KMeans` that are gone."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

_EDITS = (
    Keyword("n_jobs"),
    Keyword("precompute_distances"),
    Keyword("algorithm", values={"'auto'": "'lloyd'", "'full'": "'lloyd'"}),
)


REPAIR = Codemod(
    code="sklearn-kmeans-arguments",
    library="scikit-learn",
    since="1.3",
    reason=(
        "`n_jobs` and `precompute_distances` of `KMeans` are gone, they changed no result; the algorithms "
        "`auto` and `full` are called `lloyd`"
    ),
    mentions=("KMeans",),
    change=keywords(("sklearn.KMeans",), _EDITS),
    errors=(
        r"KMeans.*unexpected keyword argument '(n_jobs|precompute_distances)'",
        r"'algorithm' parameter of KMeans",
    ),
    certain=True,
)
