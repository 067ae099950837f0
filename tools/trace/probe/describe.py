"""What is known of one value: its type to the depth of an annotation, shape, columns, small statistics."""

from __future__ import annotations

import ast
import collections.abc
import sys
import types
from typing import Any

from .fingerprint import fingerprint

MAX_COLUMNS = 500
MAX_LITERAL = 2000
_PLAIN = {"bool", "int", "float", "str", "bytes", "complex"}
_ALIASES = {"numpy": "np", "pandas": "pd"}


def describe(value: Any, digest: str = "", deep: bool = True) -> dict[str, Any]:
    """Return the facts of a value, as the fields of `ValueFacts`.

    Args:
        value: Anything.
        digest: Its fingerprint where it is known already.
        deep: Also the statistics of a frame's columns.
    """
    try:
        return _described(value, digest, deep)
    except Exception:  # a value of a foreign class may fail in any way
        return {"type": type_name(value), "fingerprint": digest or fingerprint(value)}


def _described(value: Any, digest: str, deep: bool) -> dict[str, Any]:
    annotation, imports = annotate(value)
    shape = _shape(value)
    facts: dict[str, Any] = {
        "type": type_name(value),
        "bases": [_class_name(base) for base in type(value).__mro__[1:-1]][:12],
        "annotation": annotation,
        "imports": sorted(imports),
        "shape": shape,
        "dtype": str(value.dtype) if shape is not None and hasattr(value, "dtype") else None,
        "length": _length(value),
        "literal": _literal(value),
        "number": number_of(value),
        "fingerprint": digest or fingerprint(value),
        "fitted": is_fitted(value),
        "callable": callable(value),
    }
    if type(value).__module__.startswith("pandas") and hasattr(value, "columns"):
        facts["columns"] = [
            (str(name), str(value.iloc[:, i].dtype)) for i, name in enumerate(value.columns[:MAX_COLUMNS])
        ]
        if deep and len(value.columns) <= MAX_COLUMNS:
            facts["schema_"] = {str(name): _column(value.iloc[:, i]) for i, name in enumerate(value.columns)}
    elif deep and type(value).__name__ == "Series" and type(value).__module__.startswith("pandas"):
        facts["schema_"] = {str(value.name): _column(value)}
    return facts


def type_name(value: Any) -> str:
    """Return the public qualified name of a value's class."""
    return _class_name(type(value))


def _class_name(kind: type) -> str:
    return f"{_public_module(kind)}.{kind.__qualname__}"


def _public_module(kind: type) -> str:
    """Return the shortest package that offers a class under its own name: `sklearn.svm` for `sklearn.svm._classes`."""
    module = kind.__module__
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if not parts[end - 1].startswith("_") or name == "__main__":
            found = sys.modules.get(name)
            if found is not None and getattr(found, kind.__name__, None) is kind:
                return name
    return module


def annotate(value: Any, depth: int = 0) -> tuple[str, set[str]]:
    """Return a type expression for generated code, and the import statements that it needs."""
    kind = type(value)
    name = kind.__name__
    if value is None:
        return "None", set()
    if kind.__module__ == "builtins" and name in _PLAIN:
        return name, set()
    if isinstance(value, float):
        return "float", set()
    top = kind.__module__.partition(".")[0]
    if top == "numpy":
        return _numpy(value)
    if top == "pandas" and name in ("DataFrame", "Series", "Index", "RangeIndex"):
        return _pandas(value)
    if isinstance(value, (list, set, frozenset, tuple, dict)) and kind.__module__ == "builtins":
        return _container(value, depth)
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "Callable[..., Any]", {"from collections.abc import Callable", "from typing import Any"}
    if isinstance(value, type):
        return "type", set()
    if isinstance(value, (types.GeneratorType, zip, map, filter, enumerate)):
        return "Iterator[Any]", {"from collections.abc import Iterator", "from typing import Any"}
    if isinstance(value, types.ModuleType):
        return "Any", {"from typing import Any"}
    module = _public_module(kind)
    if module == "__main__" or "<locals>" in kind.__qualname__:
        return (
            (name, set())
            if module == "__main__" and "." not in kind.__qualname__
            else ("Any", {"from typing import Any"})
        )
    if top == "torch" and module == "torch":
        return f"torch.{name}", {"import torch"}
    if not name.isidentifier() or name.startswith("_") or kind.__module__ == "builtins":
        return "Any", {"from typing import Any"}
    return name, {f"from {module} import {name}"}


def _numpy(value: Any) -> tuple[str, set[str]]:
    import numpy as np

    if isinstance(value, np.ndarray):
        imports = {"import numpy.typing as npt"}
        kinds = {"b": "np.bool_", "U": "np.str_", "S": "np.bytes_", "M": "np.datetime64", "m": "np.timedelta64"}
        if value.dtype.kind in "iufc":
            return f"npt.NDArray[np.{value.dtype.name}]", imports | {"import numpy as np"}
        if value.dtype.kind in kinds:
            return f"npt.NDArray[{kinds[value.dtype.kind]}]", imports | {"import numpy as np"}
        return "npt.NDArray[Any]", imports | {"from typing import Any"}
    if isinstance(value, np.generic):
        name = {"bool": "bool_", "str": "str_", "bytes": "bytes_"}.get(type(value).__name__, type(value).__name__)
        return f"np.{name}", {"import numpy as np"}
    module = _public_module(type(value))
    return type(value).__name__, {f"from {module} import {type(value).__name__}"}


def _pandas(value: Any) -> tuple[str, set[str]]:
    imports = {"import pandas as pd"}
    if type(value).__name__ == "DataFrame":
        return "pd.DataFrame", imports
    dtype = str(value.dtype)
    inner = "Any"
    for prefix, annotation in (
        ("int", "int"),
        ("uint", "int"),
        ("float", "float"),
        ("bool", "bool"),
        ("datetime", "pd.Timestamp"),
    ):
        if dtype.startswith(prefix):
            inner = annotation
    if dtype in ("object", "str", "string") or dtype.startswith("string"):
        sample = value[:1000]
        inner = "str" if all(isinstance(item, str) or item != item or item is None for item in sample) else "Any"
    base = "Series" if type(value).__name__ == "Series" else "Index"
    return f"pd.{base}[{inner}]", imports | ({"from typing import Any"} if inner == "Any" else set())


def _container(value: Any, depth: int) -> tuple[str, set[str]]:
    name = type(value).__name__
    if depth > 3:
        return f"{name}[Any, ...]" if name == "tuple" else f"{name}[Any, Any]" if name == "dict" else f"{name}[Any]", {
            "from typing import Any"
        }
    if name == "dict":
        keys, key_imports = _union(list(value)[:50], depth)
        items, item_imports = _union(list(value.values())[:50], depth)
        return f"dict[{keys}, {items}]", key_imports | item_imports
    if name == "tuple" and 0 < len(value) <= 4:
        parts = [annotate(item, depth + 1) for item in value]
        return f"tuple[{', '.join(part for part, _ in parts)}]", set().union(*(imports for _, imports in parts))
    inner, imports = _union(list(value)[:50] if name in ("list", "tuple") else sorted(value, key=repr)[:50], depth)
    return (f"tuple[{inner}, ...]" if name == "tuple" else f"{name}[{inner}]"), imports


def _union(items: list[Any], depth: int) -> tuple[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in items:
        annotation, imports = annotate(item, depth + 1)
        found[annotation] = imports
    if {"int", "float"} <= set(found):
        del found["int"]
    if not found or len(found) > 3 or "Any" in found:
        return "Any", {"from typing import Any"}
    names = sorted(found, key=lambda n: (n == "None", n))
    return " | ".join(names), set().union(*found.values())


def number_of(value: Any) -> float | None:  # type: ignore[syntax,unused-ignore]
    """Return a number as float, also of numpy scalars and of tensors and arrays with one element; else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 else None
    top = type(value).__module__.partition(".")[0]
    if top in ("numpy", "torch") and getattr(value, "ndim", 1) == 0 and hasattr(value, "item"):
        item = value.item()
        return float(item) if isinstance(item, (int, float)) and not isinstance(item, bool) else None
    return None


def numbers_of(value: Any, prefix: str = "") -> dict[str, float]:
    """Return the numbers in a small container, nested or flat, by dotted name; empty where there are too many."""
    found: dict[str, float] = {}
    _collect(value, prefix, found)
    return found if len(found) <= 200 else {}


def _collect(value: Any, prefix: str, found: dict[str, float]) -> None:
    number = number_of(value)
    if number is not None:
        found[prefix] = number
    elif isinstance(value, dict):
        for key, item in value.items():
            _collect(item, f"{prefix}.{key}" if prefix else str(key), found)
    elif isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and getattr(value, "ndim", 9) <= 2):
        items = list(value) if isinstance(value, (list, tuple)) else value.tolist()
        if len(items) <= 200:
            for index, item in enumerate(items):
                _collect(item, f"{prefix}.{index}" if prefix else str(index), found)


def is_fitted(value: Any) -> bool:
    """Tell whether a value is an estimator that has been fitted."""
    if isinstance(value, type) or not callable(getattr(type(value), "fit", None)):
        return False
    names = vars(value) if hasattr(value, "__dict__") else {}
    if any(name.endswith("_") and not name.startswith("_") for name in names):
        return True
    check = getattr(value, "__sklearn_is_fitted__", None)
    try:
        return bool(check()) if callable(check) else False
    except Exception:
        return False


def _shape(value: Any) -> list[int] | None:  # type: ignore[syntax,unused-ignore]
    shape: Any = getattr(value, "shape", None)
    if isinstance(shape, (tuple, list)) or type(shape).__name__ == "Size":
        return [int(n) for n in shape] if all(isinstance(n, int) for n in shape) else None
    return None


def _length(value: Any) -> int | None:  # type: ignore[syntax,unused-ignore]
    if isinstance(value, type) or not isinstance(value, collections.abc.Sized):
        return None
    try:
        return len(value)
    except Exception:
        return None


def _literal(value: Any) -> str | None:  # type: ignore[syntax,unused-ignore]
    if not isinstance(value, (type(None), bool, int, float, str, list, tuple, dict, set)):
        return None
    text = repr(value)
    if len(text) > MAX_LITERAL:
        return None
    try:
        return text if ast.literal_eval(text) == value else None
    except Exception:
        return None


def _column(series: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"dtype": str(series.dtype), "missing": int(series.isna().sum())}
    kind = getattr(series.dtype, "kind", "O")
    present = series.dropna()
    if len(present) and kind in "iuf":
        found["min"], found["max"] = float(present.min()), float(present.max())
    if len(present) <= 200_000:
        try:
            distinct = present.unique()
            if len(distinct) <= 20:
                found["values"] = sorted(str(item) for item in distinct)
        except Exception:
            return found
    return found
