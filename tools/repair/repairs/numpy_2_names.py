"""Second names of functions, types and constants that numpy 2 dropped."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {
    "numpy.Inf": "numpy.inf",
    "numpy.Infinity": "numpy.inf",
    "numpy.infty": "numpy.inf",
    "numpy.PINF": "numpy.inf",
    "numpy.NINF": "-numpy.inf",
    "numpy.NaN": "numpy.nan",
    "numpy.NAN": "numpy.nan",
    "numpy.float_": "numpy.float64",
    "numpy.complex_": "numpy.complex128",
    "numpy.unicode_": "numpy.str_",
    "numpy.string_": "numpy.bytes_",
    "numpy.bool8": "numpy.bool_",
    "numpy.product": "numpy.prod",
    "numpy.cumproduct": "numpy.cumprod",
    "numpy.sometrue": "numpy.any",
    "numpy.alltrue": "numpy.all",
    "numpy.round_": "numpy.round",
    "numpy.mat": "numpy.asmatrix",
    "numpy.rank": "numpy.ndim",
}

REPAIR = Codemod(
    code="numpy-2-names",
    library="numpy",
    since="2.0",
    reason="Second names are gone: `np.NaN` is `np.nan`, `np.Inf` is `np.inf`, `np.product` is `np.prod`, and so on",
    mentions=tuple(name.rpartition(".")[2] for name in _NAMES),
    change=moved(_NAMES),
    errors=(
        rf"(`np\.|attribute ')({'|'.join(name.rpartition('.')[2] for name in _NAMES)})[`']",
        r"cannot import name '\w+' from 'numpy'",
    ),
    certain=True,
)
