"""`is_monotonic` of an index or series."""

from tools.repair.model import Codemod
from tools.repair.simple import attributes

REPAIR = Codemod(
    code="pandas-is-monotonic",
    library="pandas",
    since="2.0",
    reason="`is_monotonic` is gone: `is_monotonic_increasing` is the same",
    mentions=("is_monotonic",),
    change=attributes({"is_monotonic": "is_monotonic_increasing"}),
    errors=(r"no attribute 'is_monotonic'",),
    certain=True,
)
