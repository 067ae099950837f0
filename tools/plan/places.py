"""Where settings and metrics stand: looked up by statement or variable instead of searched for each function."""

from collections.abc import Iterable, Mapping, Sequence

from tools.analysis.model import Metric


def places_of(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Return the positions of what belongs to each statement or variable."""
    found: dict[str, list[int]] = {}
    for name, position in pairs:
        found.setdefault(name, []).append(position)
    return found


def placed(metrics: Sequence[Metric], at: Mapping[str, Sequence[int]], statements: Sequence[str]) -> list[Metric]:
    """Return the metrics of some statements, in the order of all."""
    return [metrics[n] for n in sorted({n for i in statements for n in at.get(i, ())})]
