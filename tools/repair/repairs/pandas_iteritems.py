"""`iteritems` of frames and series."""

from tools.repair.model import Codemod
from tools.repair.simple import methods

REPAIR = Codemod(
    code="pandas-iteritems",
    library="pandas",
    since="2.0",
    reason="`iteritems` is gone: `items` does the same",
    mentions=("iteritems",),
    change=methods({"iteritems": "items"}),
    errors=(r"no attribute 'iteritems'",),
    certain=True,
)
