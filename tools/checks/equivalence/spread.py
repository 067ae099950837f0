"""Metrics that no seed holds (threads, entropy of the system), judged by the notebook's own spread over repeated runs.

Notebook and package run equally often, the number fixed beforehand by what the limits allow. Two one-sided Welch
tests ask whether the means differ by less than a margin of two standard deviations of the notebook's figures; where
they do not show it, a Welch test asks whether the means differ at all. So a metric is equivalent, different, or the
runs are too few to tell, which proves nothing. With twelve runs a package that is the same is found equivalent in 97
of 100 cases (normal figures), with six in 77.
"""

import math
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.notebook_runs import KeptCapture, run_notebook
from tools.checks.equivalence.package_runs import run_package
from tools.checks.model import Difference
from tools.checks.request import CheckRequest
from tools.checks.scratch import scratch_copy
from tools.frozen import Frozen
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan, Returned
from tools.trace.model import Capture

FEWEST, MOST = 6, 12
"""Runs of each side."""
LEVEL = 0.05
"""Of the tests for equivalence."""
DIFFERENT = 0.01
"""Level of the test for a difference: smaller, since a false alarm sends work back."""
MARGIN = 2.0
"""Margin of equivalence, in standard deviations of the notebook's own figures."""


class SpreadTest(Frozen):
    """Two one-sided Welch tests of one metric.

    Attributes:
        runs: Runs of each side.
        difference: Of the means, package minus notebook.
        margin: Largest difference that counts as none.
        p: The larger p-value of the two tests.
        p_different: Of the two-sided test for a difference.
    """

    runs: int
    difference: float
    margin: float
    p: float
    p_different: float = 1.0

    @property
    def verdict(self) -> Literal["equivalent", "different", "undecided"]:
        """What the runs show."""
        if self.p < LEVEL:
            return "equivalent"
        return "different" if self.p_different < DIFFERENT else "undecided"

    def sentence(self, name: str) -> str:
        """Return the test as a sentence."""
        return (
            f"`{name}`: {self.runs} runs each, difference of means {self.difference:.3g}, margin {self.margin:.3g} "
            f"({MARGIN:g} standard deviations of the notebook), two one-sided Welch tests, p = {self.p:.2g}"
        )


class Spread(Frozen):
    """What the repeated runs showed.

    Attributes:
        equal: Sentences on metrics that are equivalent.
        differences: Those that are not.
        unjudged: Why metrics could not be judged; empty where all were.
    """

    equal: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    unjudged: str = ""


def spread(
    request: CheckRequest,
    facts: NotebookFacts,
    plan: ExtractionPlan,
    first: KeptCapture,
    left_out: Mapping[str, str],
) -> Spread:
    """Run notebook and package several times under one seed, and test the metrics that are left out for equivalence.

    Args:
        request: For interpreter, limits and cache.
        facts: Of the notebook.
        plan: In force.
        first: A run of the notebook, which tells how long one takes.
        left_out: Keys that the notebook itself does not repeat.
    """
    metrics = [r for f in plan.functions for r in f.returns if r.metric and r.capture in left_out]
    metrics = [r for r in metrics if _number(first.capture, r) is not None]
    if not metrics:
        return Spread()
    runs = runs_within(request.limits.seconds, first.capture.seconds)
    if not runs:
        return Spread(unjudged=f"{FEWEST} runs of the notebook to measure its spread take too long")
    points = capture_points(plan, facts)
    seed = first.capture.seed

    def notebook(number: int) -> Capture:
        return run_notebook(request, facts.notebook, facts.order, points, seed, repetition=number).capture

    def package(number: int) -> Capture:
        with tempfile.TemporaryDirectory(prefix="spread-") as folder, scratch_copy(request.tree) as tree:
            return run_package(request, plan, tree, Path(folder) / "values", mode="train", seed=seed).capture

    with ThreadPoolExecutor(2) as pool:
        olds = list(pool.map(notebook, range(runs)))
        news = list(pool.map(package, range(runs)))
    return _judged(metrics, olds, news)


def runs_within(limit: float, seconds: float) -> int:
    """Return how often each side runs; 0 where the fewest runs take too long.

    Args:
        limit: Seconds that all runs of one side may take, two at a time.
        seconds: That one takes.
    """
    affordable = int(limit / (2 * max(seconds, 0.001)))
    return min(MOST, affordable) if affordable >= FEWEST else 0


def equivalence_test(first: Sequence[float], second: Sequence[float]) -> SpreadTest:
    """Test whether two samples have the same mean up to a margin from the spread of the first.

    Args:
        first: Figures of the notebook, at least two.
        second: Figures of the package, at least two.
    """
    from scipy.stats import t as student

    means, variances = [], []
    for sample in (first, second):
        mean = math.fsum(sample) / len(sample)
        means.append(mean)
        variances.append(math.fsum((x - mean) ** 2 for x in sample) / (len(sample) - 1))
    difference = means[1] - means[0]
    margin = MARGIN * math.sqrt(variances[0])
    parts = [variances[0] / len(first), variances[1] / len(second)]
    error = math.sqrt(sum(parts))
    runs = min(len(first), len(second))
    if error == 0.0:
        differs = abs(difference) > margin
        return SpreadTest(
            runs=runs, difference=difference, margin=margin, p=float(differs), p_different=float(not differs)
        )
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    low = float(student.sf((difference + margin) / error, degrees))
    high = float(student.cdf((difference - margin) / error, degrees))
    either = 2 * float(student.sf(abs(difference) / error, degrees))
    return SpreadTest(runs=runs, difference=difference, margin=margin, p=max(low, high), p_different=either)


def _judged(metrics: Sequence[Returned], olds: Sequence[Capture], news: Sequence[Capture]) -> Spread:
    equal, differences, unjudged = [], [], []
    for returned in metrics:
        old = [n for n in (_number(capture, returned) for capture in olds) if n is not None]
        new = [n for n in (_number(capture, returned) for capture in news) if n is not None]
        if len(old) < len(olds) or len(new) < len(news):
            unjudged.append(f"`{returned.metric}` was not computed in every run")
            continue
        test = equivalence_test(old, new)
        if test.verdict == "equivalent":
            equal.append(test.sentence(returned.metric))
        elif test.verdict == "undecided":
            unjudged.append(f"too few runs to tell whether it is the same: {test.sentence(returned.metric)}")
        else:
            differences.append(
                Difference(
                    key=returned.capture,
                    message=f"not equivalent: {test.sentence(returned.metric)}; the means differ, p = "
                    f"{test.p_different:.2g}",
                    statement=returned.statement,
                    variable=returned.variable,
                )
            )
    return Spread(equal=tuple(equal), differences=tuple(differences), unjudged="; ".join(unjudged))


def _number(capture: Capture, returned: Returned) -> float | None:
    value = capture.values.get(returned.capture)
    return value.number if value is not None else None
