"""Arguments of plots that were renamed."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_SCALES = keywords(
    (".set_xscale", ".set_yscale", ".xscale", ".yscale", ".loglog", ".semilogx", ".semilogy"),
    (
        Keyword("nonposx", "nonpositive"),
        Keyword("nonposy", "nonpositive"),
        Keyword("basex", "base"),
        Keyword("basey", "base"),
    ),
)
_GRID = keywords((".grid",), (Keyword("b", "visible"),))
_BOXES = keywords((".boxplot",), (Keyword("labels", "tick_labels"),))


REPAIR = Codemod(
    code="matplotlib-arguments",
    library="matplotlib",
    since="3.9",
    reason=(
        "Arguments have new names: `nonposx` and `nonposy` are `nonpositive`, `b` of `grid` is `visible`, "
        "`labels` of `boxplot` is `tick_labels`"
    ),
    mentions=("nonposx", "nonposy", "grid", "boxplot", "basex", "basey"),
    change=one_after_another(_SCALES, _GRID, _BOXES),
    errors=(
        r"unexpected keyword argument '(nonposx|nonposy|b|labels|basex|basey)'",
        r"no property '?(nonposx|nonposy|b)\b",
    ),
)
