"""Names of metrics: told apart where several have one."""

from collections.abc import Sequence

from tools.analysis.model import Metric
from tools.numbering import numbered


def unique_names(found: Sequence[Metric], labels: Sequence[str]) -> tuple[Metric, ...]:
    """Tell metrics of one name apart by the author's variable or label, else by a number."""
    taken: dict[str, set[str]] = {}
    made: list[Metric] = []
    for metric, label in zip(found, labels, strict=True):
        ours = taken.setdefault(metric.model, set())
        base = label if metric.name in ours and label else metric.name
        name = numbered(base, ours.__contains__)
        ours.add(name)
        made.append(metric.model_copy(update={"name": name}))
    return tuple(made)
