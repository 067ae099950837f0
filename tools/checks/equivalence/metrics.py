"""Metrics of notebook and package under the names of metrics.json."""

from tools.checks.equivalence.tolerance import same_number
from tools.checks.model import Difference
from tools.plan.model import ExtractionPlan, Returned
from tools.trace.model import Capture, Captured


def notebook_metrics(plan: ExtractionPlan, capture: Capture) -> dict[str, float]:
    """Return the notebook's metrics, flat.

    Args:
        plan: Names them.
        capture: Of a run of the notebook.
    """
    found: dict[str, float] = {}
    for returned in _metrics(plan):
        value = capture.values.get(returned.capture)
        if value is not None:
            found |= flat(returned.metric, value)
    return found


def flat(name: str, value: Captured) -> dict[str, float]:
    """Return the numbers of one metric by name; those of a container as `name.part`.

    Args:
        name: Of the metric.
        value: As recorded.
    """
    if len(value.numbers) > 1 or (value.number is None and value.numbers):
        return {f"{name}.{part}".rstrip("."): number for part, number in value.numbers.items()}
    return {} if value.number is None else {name: value.number}


def metric_differences(
    plan: ExtractionPlan, capture: Capture, written: dict[str, float] | None, left_out: frozenset[str]
) -> tuple[int, tuple[Difference, ...]]:
    """Compare the notebook's metrics with metrics.json.

    Args:
        plan: Names them.
        capture: Of the notebook, under the same seed.
        written: Contents of metrics.json; None where it was not written.
        left_out: Keys that are not compared.

    Returns:
        Number of metrics compared, and the differences.
    """
    compared = 0
    differences = []
    for returned in _metrics(plan):
        value = capture.values.get(returned.capture)
        if value is None or returned.capture in left_out or value.number is None or len(value.numbers) > 1:
            continue
        compared += 1
        got = (written or {}).get(returned.metric)
        if got is None:
            message = f"metrics.json has no `{returned.metric}`"
        elif not same_number(got, value.number):
            message = f"metrics.json has `{returned.metric}` {got!r}, the notebook {value.number!r}"
        else:
            continue
        differences.append(
            Difference(
                key=f"metrics.json:{returned.metric}",
                message=message,
                statement=returned.statement,
                variable=returned.variable,
            )
        )
    return compared, tuple(differences)


def _metrics(plan: ExtractionPlan) -> list[Returned]:
    return [r for f in plan.functions for r in f.returns if r.metric and r.capture]
