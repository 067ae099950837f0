"""Means with confidence intervals, by a bootstrap over the samples that always draws the same."""

import random
from collections.abc import Sequence

from evals.model import Score
from tools.frozen import Frozen


class Mean(Frozen):
    """The mean of one scorer over samples, with its 95 % interval.

    Attributes:
        scorer: Name of the scorer.
        unit: Of the value.
        mean: Mean over the samples of each sample's mean over its repetitions.
        low: Lower end of the interval.
        high: Upper end.
        count: Number of samples that have a value.
        spread: Largest difference between two repetitions of one sample.
    """

    scorer: str
    unit: str
    mean: float
    low: float
    high: float
    count: int
    spread: float = 0.0


def means(scores: Sequence[Score], draws: int = 2000) -> tuple[Mean, ...]:
    """Return the mean of every scorer that has values, in order of first appearance."""
    found: list[Mean] = []
    for scorer in dict.fromkeys(score.scorer for score in scores):
        by_sample: dict[str, list[float]] = {}
        unit = "share"
        for score in scores:
            if score.scorer == scorer and score.value is not None:
                by_sample.setdefault(score.sample, []).append(score.value)
                unit = score.unit
        if not by_sample:
            continue
        values = [sum(repeats) / len(repeats) for repeats in by_sample.values()]
        low, high = interval(values, draws)
        found.append(
            Mean(
                scorer=scorer,
                unit=unit,
                mean=sum(values) / len(values),
                low=low,
                high=high,
                count=len(values),
                spread=max(max(repeats) - min(repeats) for repeats in by_sample.values()),
            )
        )
    return tuple(found)


def interval(values: Sequence[float], draws: int = 2000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean."""
    generator = random.Random(0)
    drawn = sorted(sum(generator.choices(values, k=len(values))) / len(values) for _ in range(draws))
    return drawn[int(0.025 * draws)], drawn[min(draws - 1, int(0.975 * draws))]
