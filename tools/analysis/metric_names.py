"""Names of metrics: told apart where several have one."""

from collections.abc import Sequence

from tools.analysis.model import Metric


def unique_names(found: Sequence[Metric], labels: Sequence[str]) -> tuple[Metric, ...]:
    """Tell metrics of one name apart by the author's variable or label, else by a number."""
    taken: set[tuple[str, str]] = set()
    made: list[Metric] = []
    for metric, label in zip(found, labels, strict=True):
        name, number = metric.name, 1
        if (metric.model, name) in taken and label and label != name:
            name = label
        base = name
        while (metric.model, name) in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add((metric.model, name))
        made.append(metric.model_copy(update={"name": name}))
    return tuple(made)
