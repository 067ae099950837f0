"""`matplotlib.cm.get_cmap`."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

REPAIR = Codemod(
    code="matplotlib-get-cmap",
    library="matplotlib",
    since="3.11",
    reason=(
        "`matplotlib.cm.get_cmap` is gone: `matplotlib.pyplot.get_cmap` does the same; `spectral` is called "
        "`nipy_spectral`"
    ),
    mentions=("get_cmap", "cm.spectral"),
    change=moved(
        {
            "matplotlib.cm.get_cmap": "matplotlib.pyplot.get_cmap",
            "matplotlib.pyplot.cm.get_cmap": "matplotlib.pyplot.get_cmap",
            "matplotlib.cm.spectral": "matplotlib.cm.nipy_spectral",
            "matplotlib.pyplot.cm.spectral": "matplotlib.pyplot.cm.nipy_spectral",
        }
    ),
    errors=(
        r"module 'matplotlib.cm' has no attribute '(get_cmap|spectral)'",
        r"cannot import name 'get_cmap'",
    ),
    certain=True,
)
