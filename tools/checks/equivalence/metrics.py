"""Metrics of notebook and package under the names of metrics.json."""

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

from tools.checks.equivalence.notebook_runs import KeptCapture
from tools.checks.equivalence.tolerance import same_number
from tools.checks.model import Difference
from tools.plan.model import ExtractionPlan, Returned
from tools.trace.model import Captured

MOST = 1000
EVALUATE = "evaluate"
"""Key and code of a difference that evaluation alone shows."""


def notebook_metrics(plan: ExtractionPlan, run: KeptCapture) -> dict[str, float]:
    """Return the notebook's metrics, flat.

    Args:
        plan: Names them.
        run: A run of the notebook.
    """
    found: dict[str, float] = {}
    for returned in _metrics(plan):
        value = run.capture.values.get(returned.capture)
        if value is not None:
            found |= flat(returned.metric, value, run.folder)
    return found


def flat(name: str, value: Captured, folder: Path) -> dict[str, float]:
    """Return the numbers of one metric by name; those of a container as `name.part`, as the package writes them.

    Args:
        name: Of the metric.
        value: As recorded.
        folder: With the summary of the value.
    """
    path = folder / value.detail
    if value.detail and path.is_file():
        found = _numbers(name, json.loads(path.read_text()))
        if found and len(found) <= MOST:
            return found
    if len(value.numbers) > 1 or (value.number is None and value.numbers):
        return {f"{name}.{part}".rstrip("."): number for part, number in value.numbers.items()}
    return {} if value.number is None else {name: value.number}


def _numbers(name: str, summary: dict[str, Any]) -> dict[str, float]:
    match summary["kind"]:
        case "number":
            return {name: float(summary["value"])}
        case "sequence":
            parts = [(str(number), item) for number, item in enumerate(summary["items"])]
        case "mapping":
            parts = list(summary["items"].items())
        case "series":
            return _floats({f"{name}.{k}": v for k, v in zip(summary["index"], summary["data"], strict=False)})
        case "array":
            places = product(*(range(size) for size in summary["shape"]))
            keys = (".".join([name, *map(str, place)]) for place in places)
            return _floats(dict(zip(keys, summary["data"], strict=False)))
        case _:
            return {}
    return {key: number for part, item in parts for key, number in _numbers(f"{name}.{part}", item).items()}


def _floats(found: dict[str, Any]) -> dict[str, float]:
    return {k: float(v) for k, v in found.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def metric_differences(
    plan: ExtractionPlan, run: KeptCapture, written: dict[str, float] | None, left_out: frozenset[str]
) -> tuple[int, tuple[Difference, ...]]:
    """Compare the notebook's metrics with metrics.json: every plain number, and the parts of containers that both have.

    Args:
        plan: Names them.
        run: Of the notebook, under the same seed.
        written: Contents of metrics.json; None where it was not written.
        left_out: Keys that are not compared.

    Returns:
        Number of metrics compared, and the differences.
    """
    compared = 0
    differences = []
    for returned in _metrics(plan):
        value = run.capture.values.get(returned.capture)
        if value is None or returned.capture in left_out:
            continue
        for name, number in flat(returned.metric, value, run.folder).items():
            got = (written or {}).get(name)
            if got is None and (name != returned.metric or not math.isfinite(number)):
                continue
            compared += 1
            if got is None:
                message = f"metrics.json has no `{name}`"
            elif not same_number(got, number):
                message = f"metrics.json has `{name}` {got!r}, the notebook {number!r}"
            else:
                continue
            differences.append(
                Difference(
                    key=f"metrics.json:{name}",
                    message=message,
                    statement=returned.statement,
                    variable=returned.variable,
                )
            )
    return compared, tuple(differences)


def evaluation_differences(
    plan: ExtractionPlan, trained: dict[str, float] | None, evaluated: dict[str, float] | None
) -> tuple[Difference, ...]:
    """Compare the metrics that evaluation of the saved model writes with those of its training.

    What is measured while training (cross-validation, losses) is not evaluated again and may be missing.

    Args:
        plan: Names the functions that evaluation runs.
        trained: Contents of metrics.json after training.
        evaluated: After evaluation.
    """
    old, new = trained or {}, evaluated or {}
    again = {r.metric for f in plan.functions if f.name in plan.evaluation for r in f.returns if r.metric}
    wanted = [n for n in old if n in new or any(n == m or n.startswith(f"{m}.") for m in again)]
    for name in wanted:
        if name not in new or not same_number(old[name], new[name]):
            values = f"{old[name]!r} after training, {new.get(name)!r}"
            return (Difference(key=EVALUATE, message=f"`{name}` is {values} when evaluated from the saved model"),)
    if old and not new:
        return (Difference(key=EVALUATE, message="evaluation writes no metrics"),)
    return ()


def _metrics(plan: ExtractionPlan) -> list[Returned]:
    return [r for f in plan.functions for r in f.returns if r.metric and r.capture]
