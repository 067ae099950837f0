"""Two captures compared, value by value, in the order of the data flow."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.checks.equivalence.explanation import explained
from tools.checks.equivalence.tolerance import REASON, close
from tools.checks.model import ComparedValue, Difference
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan, Returned
from tools.trace.model import Capture, Captured


class Point(Frozen):
    """One value that crosses a stage boundary.

    Attributes:
        function: Stage function that returns it.
        returned: What it returns.
    """

    function: str
    returned: Returned


class Comparison(Frozen):
    """Two captures compared.

    Attributes:
        values: One row for each value that both sides could have.
        differences: In data flow order.
    """

    values: tuple[ComparedValue, ...]
    differences: tuple[Difference, ...] = ()


def points_of(plan: ExtractionPlan) -> tuple[Point, ...]:
    """Return the values that cross a stage boundary, in the order of the calls.

    Args:
        plan: In force.
    """
    found: dict[str, Point] = {}
    for function in plan.functions:
        for returned in function.returns:
            if returned.capture:
                found.setdefault(returned.capture, Point(function=function.name, returned=returned))
    return tuple(found.values())


def compare(
    points: Sequence[Point],
    first: Capture,
    second: Capture,
    details: tuple[Path, Path],
    left_out: Mapping[str, str],
    side: str = "package",
) -> Comparison:
    """Compare what two runs recorded.

    Args:
        points: What to compare, in data flow order.
        first: Of the notebook.
        second: Of the slice or the package.
        details: Folders with the summaries of both.
        left_out: Keys not compared, with the reason.
        side: What the second run is of, for the messages.
    """
    rows: list[ComparedValue] = []
    differences: list[Difference] = []
    for point in points:
        key = point.returned.capture
        old, new = first.values.get(key), second.values.get(key)
        if old is None or key in left_out:
            continue
        tolerance, message = _judged(old, new, details, side)
        rows.append(_row(point, old, not message, tolerance))
        if message:
            differences.append(
                Difference(
                    key=key,
                    message=f"`{point.returned.variable}` of {point.function}: {message}",
                    statement=point.returned.statement,
                    variable=point.returned.variable,
                )
            )
    return Comparison(values=tuple(rows), differences=tuple(differences))


def _judged(old: Captured, new: Captured | None, details: tuple[Path, Path], side: str) -> tuple[str, str]:
    """Return the tolerance needed, and what differs; the latter empty where the values are equal."""
    if new is None:
        return "0", f"the {side} never computes it"
    if old.value.fingerprint == new.value.fingerprint:
        return "0", ""
    if _same_numbers(old, new):
        return "0", ""
    a, b = _detail(details[0], old), _detail(details[1], new)
    if a is not None and b is not None and close(a, b):
        return "0" if a == b else REASON, ""
    return "0", explained(old, new, a, b, side)


def _same_numbers(old: Captured, new: Captured) -> bool:
    """Tell whether both are the same plain numbers, kept in another container or as another type of number."""
    if old.number is not None and new.number is not None:
        return old.number == new.number
    listed = len(old.numbers) > 1 and list(old.numbers) == [str(n) for n in range(len(old.numbers))]
    return listed and old.number is not None and list(old.numbers.values()) == list(new.numbers.values())


def _row(point: Point, old: Captured, equal: bool, tolerance: str) -> ComparedValue:
    shape = old.value.shape
    return ComparedValue(
        key=point.returned.capture,
        function=point.function,
        statement=point.returned.statement,
        variable=point.returned.variable,
        type=old.value.type,
        shape=str(shape) if shape is not None else "",
        digest=old.value.fingerprint,
        equal=equal,
        tolerance=tolerance if equal else "0",
    )


def _detail(folder: Path, value: Captured) -> Any:  # noqa: ANN401 (JSON)
    path = folder / value.detail
    if not value.detail or not path.is_file():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError:
        return None
