"""What the tests of the repairs share: a statement before and after one repair."""

from tools.repair.apply import changed_code
from tools.repair.model import Scope
from tools.repair.registry import REPAIRS

BY_CODE = {repair.code: repair for repair in REPAIRS}
IMPORTS = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "sns": "seaborn",
    "sklearn": "sklearn",
    "scipy": "scipy",
    "torch": "torch",
}
TYPES = {"df": "DataFrame", "s": "Series", "rows": "list", "words": "dict"}


def scope_of(line: int = 0, calls: dict[str, str] | None = None, **imports: str) -> Scope:
    """What is known around a statement: the usual imports and those given, `df` is a frame, `s` a series."""
    return Scope(
        imports={**IMPORTS, **imports},
        types={name: frozenset({kind}) for name, kind in TYPES.items()},
        calls=calls or {},
        versions={"numpy": "2.4.0", "pandas": "3.1.0", "scikit-learn": "1.9.0", "python": "3.11.0"},
        line=line,
    )


def repaired(code: str, statement: str, line: int = 0, **imports: str) -> str:
    """The statement after a repair."""
    found = BY_CODE[code]
    if found.unit == "cell":
        return found.change(statement, scope_of())
    return changed_code(found, statement, scope_of(line, **imports))
