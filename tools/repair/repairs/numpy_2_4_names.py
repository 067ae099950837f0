"""Functions that numpy renamed in 2.0 and dropped in 2.4."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {"numpy.in1d": "numpy.isin", "numpy.trapz": "numpy.trapezoid"}

REPAIR = Codemod(
    code="numpy-2-4-names",
    library="numpy",
    since="2.4",
    reason="`np.in1d` is gone, `np.isin` does the same for one dimension; `np.trapz` is now `np.trapezoid`",
    mentions=("in1d", "trapz"),
    change=moved(_NAMES),
    errors=(r"attribute '(in1d|trapz)'", r"cannot import name '(in1d|trapz)'"),
    certain=True,
)
