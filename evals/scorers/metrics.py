"""Does the package give the notebook's metrics?"""

import math
from collections.abc import Mapping
from typing import Any

from evals.expected import alternatives
from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_metrics(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of expected metrics that the package gives within their tolerance."""
    if sample.expected is None or not sample.expected.metrics:
        return NOTHING
    given = (record.run.get("metrics") or {}).get("package") or {}
    missed = [
        f"{name}: {metric.value:g} expected, {_shown(given, name)}"
        for name, metric in sample.expected.metrics.items()
        if not any(abs(value - metric.value) <= metric.tolerance for value in _candidates(given, name))
    ]
    total = len(sample.expected.metrics)
    return Judgement(value=(total - len(missed)) / total, detail="; ".join(missed))


def _candidates(given: Mapping[str, Any], name: str) -> list[float]:
    """Return the values of the metrics that a name can mean: `accuracy` is also `random_forest.accuracy`."""
    return [
        float(value)
        for key, value in sorted(given.items())
        if isinstance(value, int | float)
        and math.isfinite(value)
        and any(_same(key.lower(), a) for a in alternatives(name))
    ]


def _same(key: str, name: str) -> bool:
    if key == name or key.endswith((f".{name}", f"_{name}")):
        return True
    head, _, tail = name.rpartition(".")
    return bool(head) and key in (f"{head}_{tail}", f"{tail}_{head}")


def _shown(given: Mapping[str, Any], name: str) -> str:
    found = _candidates(given, name)
    return f"{', '.join(f'{value:g}' for value in found)} found" if found else "none found"
