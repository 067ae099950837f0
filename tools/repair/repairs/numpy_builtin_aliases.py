"""`np.int`, `np.float` and their kin were other names of the builtins."""

from tools.repair.model import Codemod, Scope, numbers
from tools.repair.moved import moved

_NAMES = {
    "numpy.int": "builtins.int",
    "numpy.float": "builtins.float",
    "numpy.complex": "builtins.complex",
    "numpy.object": "builtins.object",
    "numpy.str": "builtins.str",
    "numpy.unicode": "builtins.str",
}
_BACK_IN_2 = {"numpy.bool": "builtins.bool", "numpy.long": "builtins.int"}


def change(code: str, scope: Scope) -> str:
    """Return the statement with the builtins by their own names."""
    names = _NAMES if numbers(scope.versions.get("numpy", "")) >= (2,) else _NAMES | _BACK_IN_2
    return moved(names)(code, scope)


REPAIR = Codemod(
    code="numpy-builtin-aliases",
    library="numpy",
    since="1.24",
    reason="`np.int`, `np.float`, `np.bool`, `np.object` and `np.str` are gone: they were the builtins of that name",
    mentions=tuple(name.rpartition(".")[2] for name in _NAMES | _BACK_IN_2),
    change=change,
    errors=(r"module 'numpy' has no attribute '(int|float|complex|object|str|unicode|bool|long)'",),
    certain=True,
)
