"""A value as plain JSON data: enough to explain a difference and to compare numbers with a tolerance."""

from __future__ import annotations

import sys
from typing import Any

from .annotation import type_name
from .fingerprint import fingerprint

MAX_CELLS = 200_000
MAX_ROWS = 5_000


def summarise(value: Any, depth: int = 0) -> dict[str, Any]:
    """Return a summary; its `kind` is frame, series, array, number, text, sequence, mapping or object."""
    try:
        return _summary(value, depth)
    except Exception as error:  # a value of a foreign class may fail in any way
        return {
            "kind": "object",
            "type": type(value).__name__,
            "digest": fingerprint(value),
            "problem": str(error)[:200],
        }


def _summary(value: Any, depth: int) -> dict[str, Any]:
    top = type(value).__module__.partition(".")[0]
    if value is None or isinstance(value, (bool, str)):
        return {"kind": "text", "text": repr(value)[:5000]}
    if isinstance(value, (int, float)):
        return {"kind": "number", "value": float(value) if abs(value) < 1e300 else repr(value)}
    if top == "pandas" and type(value).__name__ == "DataFrame":
        return _frame(value)
    if top == "pandas" and type(value).__name__ in ("Series", "Index", "RangeIndex"):
        return _series(value)
    if top == "torch" and hasattr(value, "detach"):
        plain = value.detach().cpu()
        return _array((plain.float() if str(plain.dtype) == "torch.bfloat16" else plain).numpy())
    if top == "numpy" and hasattr(value, "dtype"):
        return _array(value)
    if top == "scipy" and hasattr(value, "tocsr"):
        return {
            "kind": "mapping",
            "items": {"shape": _summary(list(value.shape), depth), "data": _array(value.tocsr().data)},
        }
    if isinstance(value, (list, tuple)) and depth < 6:
        return {"kind": "sequence", "length": len(value), "items": [summarise(v, depth + 1) for v in value[:1000]]}
    if isinstance(value, dict) and depth < 6:
        items = {str(k): summarise(v, depth + 1) for k, v in list(value.items())[:1000]}
        return {"kind": "mapping", "items": items}
    return _thing(value, depth)


def _frame(value: Any) -> dict[str, Any]:
    columns = [str(name) for name in value.columns]
    rows = max(1, min(MAX_ROWS, MAX_CELLS // max(1, len(columns))))
    return {
        "kind": "frame",
        "shape": list(value.shape),
        "columns": columns,
        "dtypes": [str(value.iloc[:, i].dtype) for i in range(len(columns))],
        "digests": [fingerprint(value.iloc[:, i]) for i in range(len(columns))],
        "index": [str(label) for label in value.index[:rows]],
        "index_digest": fingerprint(value.index),
        "data": [_cells(value.iloc[:rows, i]) for i in range(len(columns))],
    }


def _series(value: Any) -> dict[str, Any]:
    labels = getattr(value, "index", value)
    return {
        "kind": "series",
        "shape": [len(value)],
        "name": str(value.name),
        "dtype": str(value.dtype),
        "index": [str(label) for label in labels[:MAX_ROWS]] if hasattr(labels, "__getitem__") else [],
        "index_digest": fingerprint(labels),
        "data": _cells(value[:MAX_ROWS] if not hasattr(value, "iloc") else value.iloc[:MAX_ROWS]),
    }


def _array(value: Any) -> dict[str, Any]:
    import numpy as np

    array = np.asarray(value)
    return {
        "kind": "array",
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "data": _cells(array.ravel()[:MAX_CELLS]) if array.dtype.names is None else [],
    }


def _cells(values: Any) -> list[Any]:
    items = values.tolist()
    return [item if isinstance(item, (int, float, bool)) and item == item else _text(item) for item in items]


def _text(item: Any) -> str:
    return "nan" if item is None or (isinstance(item, float) and item != item) else str(item)[:200]


def _thing(value: Any, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": "object", "type": type_name(value), "digest": fingerprint(value)}
    if depth >= 4:
        return found
    torch = sys.modules.get("torch")
    state: Any = getattr(value, "__dict__", None)
    if torch is not None and isinstance(value, torch.nn.Module):
        state = dict(value.state_dict())
    if isinstance(state, dict) and len(state) <= 200:
        found["items"] = {
            str(k): summarise(v, depth + 1)
            for k, v in sorted(state.items(), key=lambda pair: str(pair[0]))
            if not callable(v) and not str(k).startswith("__")
        }
    return found
