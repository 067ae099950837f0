"""`OneHotEncoder(sparse=…)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-sparse-output",
    library="scikit-learn",
    since="1.4",
    reason="The argument `sparse` of `OneHotEncoder` was renamed to `sparse_output`",
    mentions=("OneHotEncoder", "sparse"),
    change=keywords(("sklearn.OneHotEncoder",), (Keyword("sparse", "sparse_output"),)),
    errors=(r"OneHotEncoder.*unexpected keyword argument 'sparse'",),
    certain=True,
)
