"""What differs between two values, in one line that a person understands."""

from itertools import zip_longest
from typing import Any

from tools.trace.model import Captured

MAX_LINE = 300


def explained(old: Captured, new: Captured, first: Any, second: Any, side: str = "package") -> str:  # noqa: ANN401
    """Say what differs.

    Args:
        old: The notebook's value.
        new: The other's.
        first: Summary of the notebook's value; None where there is none.
        second: Summary of the other's.
        side: What the other is, for the message.
    """
    if old.value.type.rpartition(".")[2] != new.value.type.rpartition(".")[2]:
        line = f"{old.value.type} in the notebook, {new.value.type} in the {side}"
    elif old.number is not None and new.number is not None:
        line = f"{_short(old.number)} in the notebook, {_short(new.number)} in the {side}"
    elif isinstance(first, dict) and isinstance(second, dict):
        line = _difference(first, second, side)
    else:
        line = f"its content differs in the {side}"
    return line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…"


def _difference(first: dict[str, Any], second: dict[str, Any], side: str) -> str:
    if first["kind"] != second["kind"]:
        return f"{first['kind']} in the notebook, {second['kind']} in the {side}"
    if first.get("shape") != second.get("shape"):
        return f"shape {tuple(first['shape'])} in the notebook, {tuple(second['shape'])} in the {side}"
    match first["kind"]:
        case "frame":
            return _frames(first, second)
        case "series" | "array":
            return _columns(first, second)
        case "number":
            return f"{_short(first['value'])} in the notebook, {_short(second['value'])} in the {side}"
        case "text":
            return f"{first['text'][:80]} in the notebook, {second['text'][:80]} in the {side}"
        case "sequence":
            if first["length"] != second["length"]:
                return f"{first['length']} items in the notebook, {second['length']} in the {side}"
            pairs = [(f"item {n}", a, b) for n, (a, b) in enumerate(zip(first["items"], second["items"], strict=False))]
            return _parts(pairs, side)
    return _mappings(first.get("items", {}), second.get("items", {}), side)


def _mappings(first: dict[str, Any], second: dict[str, Any], side: str) -> str:
    missing, added = [k for k in first if k not in second], [k for k in second if k not in first]
    if missing:
        return f"{_names(missing)} of the notebook is missing in the {side}"
    if added:
        return f"{_names(added)} is in the {side} only"
    return _parts([(f"`{k}`", first[k], second[k]) for k in first], side)


def _parts(pairs: list[tuple[str, Any, Any]], side: str) -> str:
    different = [(name, a, b) for name, a, b in pairs if a != b]
    if not different:
        return f"its content differs in the {side}"
    name, a, b = different[0]
    if isinstance(a, dict) and isinstance(b, dict) and "kind" in a and "kind" in b:
        return f"{name}: {_difference(a, b, side)}"
    return f"{name} differs"


def _frames(first: dict[str, Any], second: dict[str, Any]) -> str:
    if first["columns"] != second["columns"]:
        missing = [c for c in first["columns"] if c not in second["columns"]]
        added = [c for c in second["columns"] if c not in first["columns"]]
        if not missing and not added:
            return "the columns are in another order"
        return "; ".join(
            [f"columns {_names(missing)} missing"] * bool(missing) + [f"columns {_names(added)} added"] * bool(added)
        )
    columns = first["columns"]
    different = [n for n, (a, b) in enumerate(zip(first["digests"], second["digests"], strict=True)) if a != b]
    count = f"{len(different)} of {len(columns)} columns differ"
    for number in different:
        dtypes = first["dtypes"][number], second["dtypes"][number]
        row = _first_row(first["data"][number], second["data"][number])
        if row is None and dtypes[0] != dtypes[1]:
            return f"{count}; `{columns[number]}` is {dtypes[0]} in the notebook and {dtypes[1]} here"
        if row is not None:
            a, b = first["data"][number][row], second["data"][number][row]
            return f"{count}; first difference row {row}, `{columns[number]}` {_short(a)} vs {_short(b)}"
    if first["index_digest"] != second["index_digest"]:
        row = _first_row(first["index"], second["index"])
        where = (
            f"; first difference row {row}, {first['index'][row]} vs {second['index'][row]}" if row is not None else ""
        )
        return f"the row labels differ{where}"
    return count if different else "its content differs beyond the rows kept"


def _columns(first: dict[str, Any], second: dict[str, Any]) -> str:
    row = _first_row(first["data"], second["data"])
    if row is not None:
        number = sum(1 for a, b in zip_longest(first["data"], second["data"]) if a != b)
        values = f"{_short(first['data'][row])} vs {_short(second['data'][row])}"
        return f"{number} of {len(first['data'])} values differ; first difference at {row}, {values}"
    if first.get("dtype") != second.get("dtype"):
        return f"dtype {first.get('dtype')} in the notebook, {second.get('dtype')} here"
    if first.get("name") != second.get("name"):
        return f"name {first.get('name')} in the notebook, {second.get('name')} here"
    if first.get("index_digest") != second.get("index_digest"):
        return "the row labels differ"
    return "its content differs beyond the values kept"


def _first_row(first: list[Any], second: list[Any]) -> int | None:
    return next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)


def _names(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _short(value: Any) -> str:  # noqa: ANN401
    return repr(value) if isinstance(value, float) else str(value)[:60]
