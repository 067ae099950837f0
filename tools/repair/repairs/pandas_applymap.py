"""`DataFrame.applymap`."""

from tools.repair.model import Codemod
from tools.repair.simple import methods

REPAIR = Codemod(
    code="pandas-applymap",
    library="pandas",
    since="3.0",
    reason="`applymap` is gone: `DataFrame.map` does the same",
    mentions=("applymap",),
    change=methods({"applymap": "map"}),
    errors=(r"no attribute 'applymap'",),
    certain=True,
)
