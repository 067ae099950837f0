"""Modules of pandas that moved."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {
    "pandas.util.testing": "pandas.testing",
    "pandas.tools.plotting": "pandas.plotting",
    "pandas.scatter_matrix": "pandas.plotting.scatter_matrix",
    "pandas.tools.merge.concat": "pandas.concat",
}


REPAIR = Codemod(
    code="pandas-moved-modules",
    library="pandas",
    since="2.0",
    reason=(
        "`pandas.util.testing` is `pandas.testing`, `pandas.tools.plotting` and `pd.scatter_matrix` are in "
        "`pandas.plotting`"
    ),
    mentions=("util", "tools", "scatter_matrix", "json_normalize"),
    change=moved(_NAMES),
    errors=(
        r"pandas\.(util\.testing|tools|io\.json)",
        r"module 'pandas(\.\w+)*' has no attribute '(util|tools|scatter_matrix|testing)'",
        r"cannot import name '(scatter_matrix|json_normalize)'",
    ),
    certain=True,
)
