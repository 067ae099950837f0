"""Equality up to a stated float tolerance, decided on summaries of two values."""

import math
from typing import Any

RTOL = 1e-9
ATOL = 1e-12
REASON = f"relative {RTOL:g}: sums of floats are grouped differently between processes (threads, BLAS)"


def close(first: Any, second: Any) -> bool:  # noqa: ANN401 (summaries are JSON)
    """Tell whether two summaries are the same but for the last digits of floats.

    A summary that was cut short proves nothing about the rest of the value: then they are not close.

    Args:
        first: Summary of one value, as the probe makes it.
        second: Of the other.
    """
    if not isinstance(first, dict) or not isinstance(second, dict) or first.get("kind") != second.get("kind"):
        return False
    match first["kind"]:
        case "number":
            return _near(first["value"], second["value"])
        case "array" | "series":
            same = all(first.get(key) == second.get(key) for key in ("shape", "dtype", "name", "index_digest"))
            return same and _whole(first) and _all_near(first["data"], second["data"])
        case "frame":
            keys = ("shape", "columns", "dtypes", "index_digest")
            same = all(first[key] == second[key] for key in keys)
            pairs = zip(first["data"], second["data"], strict=True) if same else ()
            return same and _whole(first) and all(_all_near(a, b) for a, b in pairs)
        case "sequence":
            a, b = first["items"], second["items"]
            return first["length"] == second["length"] == len(a) and all(map(_same_or_close, a, b))
        case "mapping":
            return _items_close(first["items"], second["items"])
        case "object" if "items" in first and "items" in second:
            return bool(first["type"] == second["type"]) and _items_close(first["items"], second["items"])
    return bool(first == second)


def same_number(first: float, second: float) -> bool:
    """Tell whether two numbers are equal up to the tolerance; not-a-number equals itself.

    Args:
        first: One.
        second: The other.
    """
    return math.isclose(first, second, rel_tol=RTOL, abs_tol=ATOL) or (first != first and second != second)


def _same_or_close(first: Any, second: Any) -> bool:  # noqa: ANN401
    return bool(first == second) or close(first, second)


def _items_close(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return list(first) == list(second) and all(_same_or_close(first[key], second[key]) for key in first)


def _whole(summary: dict[str, Any]) -> bool:
    rows = summary["shape"][0] if summary["kind"] != "array" else math.prod(summary["shape"])
    data = summary["data"]
    columns = data if summary["kind"] == "frame" else [data]
    return all(len(column) == rows for column in columns)


def _all_near(first: list[Any], second: list[Any]) -> bool:
    return len(first) == len(second) and all(map(_near, first, second))


def _near(first: Any, second: Any) -> bool:  # noqa: ANN401
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=RTOL, abs_tol=ATOL)
    return bool(first == second)
