"""Metrics that no seed holds (threads, some kernels), judged by the notebook's own spread over repeated runs."""

import math
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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

RUNS = 6
LEVEL = 0.05
MARGIN = 2.0
"""Margin of equivalence, in standard deviations of the notebook's own figures."""


class SpreadTest(Frozen):
    """Two one-sided Welch tests of one metric.

    Attributes:
        runs: Runs of each side.
        difference: Of the means, package minus notebook.
        margin: Largest difference that counts as none.
        p: The larger p-value of the two tests.
    """

    runs: int
    difference: float
    margin: float
    p: float

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
    if first.capture.seconds * 2 * RUNS > request.limits.seconds:
        return Spread(unjudged=f"{RUNS} runs of the notebook to measure its spread take too long")
    points = capture_points(plan, facts)
    seed = first.capture.seed

    def notebook(number: int) -> Capture:
        return run_notebook(request, facts.notebook, facts.order, points, seed, repetition=number).capture

    def package(number: int) -> Capture:
        with tempfile.TemporaryDirectory(prefix="spread-") as folder, scratch_copy(request.tree) as tree:
            return run_package(request, plan, tree, Path(folder) / "values", mode="train", seed=seed).capture

    with ThreadPoolExecutor(2) as pool:
        olds = list(pool.map(notebook, range(RUNS)))
        news = list(pool.map(package, range(RUNS)))
    return _judged(metrics, olds, news)


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
        return SpreadTest(runs=runs, difference=difference, margin=margin, p=float(abs(difference) > margin))
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    low = float(student.sf((difference + margin) / error, degrees))
    high = float(student.cdf((difference - margin) / error, degrees))
    return SpreadTest(runs=runs, difference=difference, margin=margin, p=max(low, high))


def _judged(metrics: Sequence[Returned], olds: Sequence[Capture], news: Sequence[Capture]) -> Spread:
    equal, differences, unjudged = [], [], []
    for returned in metrics:
        old = [n for n in (_number(capture, returned) for capture in olds) if n is not None]
        new = [n for n in (_number(capture, returned) for capture in news) if n is not None]
        if len(old) < RUNS or len(new) < RUNS:
            unjudged.append(f"`{returned.metric}` was not computed in every run")
            continue
        test = equivalence_test(old, new)
        if test.p < LEVEL:
            equal.append(test.sentence(returned.metric))
        else:
            differences.append(
                Difference(
                    key=returned.capture,
                    message=f"not equivalent: {test.sentence(returned.metric)}",
                    statement=returned.statement,
                    variable=returned.variable,
                )
            )
    return Spread(equal=tuple(equal), differences=tuple(differences), unjudged="; ".join(unjudged))


def _number(capture: Capture, returned: Returned) -> float | None:
    value = capture.values.get(returned.capture)
    return value.number if value is not None else None
