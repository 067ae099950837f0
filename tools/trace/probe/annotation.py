"""The public name of a value's class, and a type expression for generated code."""

from __future__ import annotations

import collections
import re
import sys
import types
from typing import Any

_PLAIN = {"bool", "int", "float", "str", "bytes", "complex"}
_ANY = ("Any", {"from typing import Any"})
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)


def type_name(value: Any) -> str:
    """Return the public qualified name of a value's class."""
    return class_name(type(value))


def class_name(kind: type) -> str:
    """Return the public qualified name of a class."""
    return f"{public_module(kind)}.{kind.__qualname__}"


def public_module(kind: type) -> str:
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
    if kind in _MAPPINGS or (isinstance(value, (list, set, frozenset, tuple)) and kind.__module__ == "builtins"):
        return _container(value, depth)
    if isinstance(value, re.Pattern):
        return f"re.Pattern[{type(value.pattern).__name__}]", {"import re"}
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "Callable[..., Any]", {"from collections.abc import Callable", "from typing import Any"}
    if isinstance(value, type):
        return "type", set()
    if isinstance(value, (types.GeneratorType, zip, map, filter, enumerate)):
        return "Iterator[Any]", {"from collections.abc import Iterator", "from typing import Any"}
    if isinstance(value, types.ModuleType):
        return _ANY
    return _class_expression(kind)


def _class_expression(kind: type) -> tuple[str, set[str]]:
    """Return the expression for a class; generic classes get `Any` for each of their parameters."""
    name, module = kind.__name__, public_module(kind)
    if "<locals>" in kind.__qualname__ or not name.isidentifier() or name.startswith("_") or module == "builtins":
        return _ANY
    if module == "__main__":
        return (name, set()) if "." not in kind.__qualname__ else _ANY
    if module.startswith("pandas.") and name.endswith(("GroupBy", "Styler")):
        return _ANY
    parameters = len(getattr(kind, "__parameters__", ()))
    if kind is collections.deque:
        parameters = 1
    arguments = f"[{', '.join(['Any'] * parameters)}]" if parameters else ""
    imports = {"from typing import Any"} if parameters else set()
    if module == "torch":
        return f"torch.{name}{arguments}", imports | {"import torch"}
    return f"{name}{arguments}", imports | {f"from {module} import {name}"}


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
    module = public_module(type(value))
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
    name = "dict" if isinstance(value, dict) else type(value).__name__
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
