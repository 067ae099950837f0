"""`axisbg` and `set_axis_bgcolor`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import methods, one_after_another

_ARGUMENT = keywords(
    (".add_subplot", ".subplot", ".axes", ".add_axes", "matplotlib.subplot", "matplotlib.axes"),
    (Keyword("axisbg", "facecolor"),),
)
_METHOD = methods({"set_axis_bgcolor": "set_facecolor"})


REPAIR = Codemod(
    code="matplotlib-background",
    library="matplotlib",
    since="2.2",
    reason="`axisbg` and `set_axis_bgcolor` are gone: they are `facecolor` and `set_facecolor`",
    mentions=("axisbg", "set_axis_bgcolor"),
    change=one_after_another(_ARGUMENT, _METHOD),
    errors=(
        r"'?axisbg'?",
        r"'set_axis_bgcolor'",
    ),
    certain=True,
)
