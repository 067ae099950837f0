"""What is known of one value: its type to the depth of an annotation, shape, columns, small statistics."""

from __future__ import annotations

import ast
import collections.abc
from typing import Any

from .annotation import annotate, class_name, type_name
from .fingerprint import fingerprint

MAX_COLUMNS = 500
MAX_LITERAL = 2000


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
        "bases": [class_name(base) for base in type(value).__mro__[1:-1]][:12],
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


def number_of(value: Any) -> float | None:  # type: ignore[syntax,unused-ignore]
    """Return a number as float, also of numpy scalars and of tensors and arrays with one element; else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 else None
    top = type(value).__module__.partition(".")[0]
    if not hasattr(value, "item"):
        return None
    if (top == "numpy" and getattr(value, "ndim", 1) == 0) or (top == "torch" and value.numel() == 1):
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
