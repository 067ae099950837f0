"""`hist(normed=True)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="matplotlib-normed",
    library="matplotlib",
    since="3.1",
    reason="The argument `normed` was renamed to `density`",
    mentions=("normed",),
    change=keywords(
        (".hist", "matplotlib.hist", ".hist2d", "numpy.histogram", "matplotlib.hist2d"), (Keyword("normed", "density"),)
    ),
    errors=(
        r"unexpected keyword argument '?normed",
        r"no property '?normed",
    ),
    certain=True,
)
