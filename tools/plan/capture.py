"""The values to record in the notebook's runs, for comparison with what the package's functions return."""

from tools.analysis.model import NotebookFacts
from tools.plan.model import ExtractionPlan
from tools.trace.model import CapturePoint


def capture_points(plan: ExtractionPlan, facts: NotebookFacts) -> tuple[CapturePoint, ...]:
    """Return one point for each value that a function returns, and one for each metric.

    Keys are those of `Returned.capture`.
    """
    spans = {}
    for metric in facts.metrics:
        if metric.span is not None:
            spans[metric_key(metric.statement, metric.span)] = (metric.statement, metric.span)
    points: dict[str, CapturePoint] = {}
    for function in plan.functions:
        for returned in function.returns:
            key = returned.capture
            if key in spans:
                statement, span = spans[key]
                points.setdefault(key, CapturePoint(key=key, statement=statement, span=span))
            elif key:
                points.setdefault(key, CapturePoint(key=key, statement=returned.statement, variable=returned.variable))
    return tuple(points.values())


def metric_key(statement: str, span: tuple[int, int, int, int]) -> str:
    """Return the capture key of a metric expression."""
    return f"{statement}@{'.'.join(map(str, span))}"


def value_key(function: str, variable: str) -> str:
    """Return the capture key of a live-out of a function."""
    return f"{function}.{variable}"
