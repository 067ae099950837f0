"""`size=` of grids of plots."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="seaborn-size",
    library="seaborn",
    since="0.12",
    reason="The argument `size` of grids was renamed to `height`",
    mentions=("size",),
    change=keywords(
        tuple(
            f"seaborn.{name}"
            for name in ["pairplot", "FacetGrid", "PairGrid", "lmplot", "jointplot", "JointGrid", "catplot", "relplot"]
        ),
        (Keyword("size", "height"),),
    ),
    errors=(r"unexpected keyword argument 'size'",),
    certain=True,
)
