"""Equivalence: the notebook, its slice and the package compute the same values under the same injected randomness."""

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.blame import culprit
from tools.checks.equivalence.compare import Comparison, Point, compare, points_of
from tools.checks.equivalence.findings import (
    dropped_draws,
    failed_run,
    not_equal,
    outcome,
    unproven,
)
from tools.checks.equivalence.metrics import evaluation_differences, metric_differences, notebook_metrics
from tools.checks.equivalence.notebook_runs import KeptCapture, run_notebook
from tools.checks.equivalence.package_runs import PackageRun, run_package
from tools.checks.equivalence.printed import printed_differently
from tools.checks.equivalence.repeat import unrepeatable
from tools.checks.equivalence.smoke import smoke
from tools.checks.equivalence.spread import Spread, spread
from tools.checks.model import Difference, EquivalenceResult
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import scratch_copy
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan

SEEDS = (20_011, 70_207)
AT_A_TIME = 2


def check_equivalence(request: CheckRequest) -> Outcome:
    """Compare notebook, slice and package under two injected seeds.

    Args:
        request: With facts and plan; without them nothing can be compared.
    """
    began = time.monotonic()
    if request.facts is None or request.plan is None:
        return unproven("the notebook of this repository is not known", began)
    if request.environment.missing:
        name, why = next(iter(sorted(request.environment.missing.items())))
        return unproven(f"the package cannot run here: {name} {why}", began)
    if request.facts.trace.status != "ran":
        return smoke(request, request.facts, request.plan, began)
    with tempfile.TemporaryDirectory(prefix="equivalence-") as folder:
        return _proof(request, request.facts, request.plan, Path(folder), began)


def _proof(request: CheckRequest, facts: NotebookFacts, plan: ExtractionPlan, folder: Path, began: float) -> Outcome:
    runs = _Runs(request, facts, plan, folder)
    runs.run()
    broken = next((k for k in runs.notebook if k.capture.status == "failed"), None)
    if broken is not None:
        error = broken.capture.error
        what = f"{error.kind} at {error.statement}: {error.message}" if error else "no reason given"
        return unproven(f"the notebook does not run to its end again: {what}", began)
    failures = [run for run in (*runs.package, runs.evaluated) if run is not None and run.failure]
    if failures:
        what = "evaluation" if failures[0] is runs.evaluated else "training"
        return failed_run(failures[0], what, [kept.capture for kept in runs.sliced], began)
    points = points_of(plan)
    first = [_compared(points, a, c) for a, c in zip(runs.notebook, runs.package, strict=True)]
    first += [_sliced(points, a, b, {}) for a, b in zip(runs.notebook, runs.sliced, strict=True)]
    differing = {d.key: d for found in first for d in found.differences}
    left_out = unrepeatable(request, facts, plan, runs.notebook[0], tuple(differing.values())) if differing else {}
    compared = [_compared(points, a, c, left_out) for a, c in zip(runs.notebook, runs.package, strict=True)]
    sliced = [_sliced(points, a, b, left_out) for a, b in zip(runs.notebook, runs.sliced, strict=True)]
    metrics = [
        metric_differences(plan, a, c.metrics, frozenset(left_out))
        for a, c in zip(runs.notebook, runs.package, strict=True)
    ]
    again = [*evaluation_differences(plan, runs.package[0].metrics, runs.evaluated.metrics if runs.evaluated else None)]
    judged = spread(request, facts, plan, runs.notebook[0], left_out) if left_out else Spread()
    if judged.differences:
        again += judged.differences
    differences = _in_order((*sliced, *compared), [d for _, found in metrics for d in found], again)
    number = sum(len(c.values) for c in compared) + sum(n for n, _ in metrics)
    number += len(judged.equal) + len(judged.differences)
    wrong = sum(len(c.differences) for c in compared) + sum(len(found) for _, found in metrics)
    wrong += len(judged.differences)
    tolerances = [*sorted({row.tolerance for c in compared for row in c.values} - {"0"}), *judged.equal]
    unproven_because = judged.unjudged or ("" if number else "no value crosses a stage boundary")
    written = notebook_metrics(plan, runs.written)
    injected = notebook_metrics(plan, runs.notebook[0])
    as_written = written == injected
    result = EquivalenceResult(
        status="different" if differences else "unproven" if unproven_because else "proven",
        compared=number,
        equal=number - wrong,
        tolerance="; ".join(tolerances) or "0",
        seeds=SEEDS,
        values=compared[0].values,
        differences=differences,
        metrics_notebook=injected,
        metrics_package=runs.package[0].metrics or {},
        reason="; ".join([*([unproven_because] if unproven_because else []), *sorted(set(left_out.values()))]),
        seconds=time.monotonic() - began,
    )
    warnings = (
        *dropped_draws(facts, plan, runs.notebook[0].capture, runs.sliced[0].capture),
        *printed_differently(facts, written, repeats=as_written),
    )
    first_sliced = sliced[0].differences
    cause = culprit(request, facts, plan, runs.notebook[0], first_sliced[0]) if first_sliced else ""
    return outcome(result, (*not_equal(result, first_sliced, cause), *warnings))


class _Runs:
    """The runs behind one proof, two at a time."""

    def __init__(self, request: CheckRequest, facts: NotebookFacts, plan: ExtractionPlan, folder: Path) -> None:
        self.request, self.facts, self.plan, self.folder = request, facts, plan, folder
        self.points = capture_points(plan, facts)
        self.evaluated: PackageRun | None = None

    def run(self) -> None:
        """Run package, notebook and slice; the package first, since it is what changes between rounds."""
        wanted = [(self.facts.order, seed) for seed in SEEDS]
        wanted += [(self.plan.order, seed) for seed in SEEDS]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            package = [pool.submit(self.trained, seed) for seed in SEEDS]
            kept = [pool.submit(self.of_notebook, order, seed) for order, seed in wanted]
            written = pool.submit(self.of_notebook, self.facts.order, None)
            self.package = [job.result() for job in package]
            self.notebook = [job.result() for job in kept[:2]]
            self.sliced = [job.result() for job in kept[2:]]
            self.written = written.result()

    def trained(self, seed: int) -> PackageRun:
        """Train in a copy; for the first seed, evaluate there in a fresh process too."""
        place = self.folder / f"package-{seed}"
        with scratch_copy(self.request.tree) as tree:
            done = run_package(self.request, self.plan, tree, place, mode="train", seed=seed)
            if seed == SEEDS[0] and done.failure is None:
                other = self.folder / "evaluation"
                self.evaluated = run_package(self.request, self.plan, tree, other, mode="evaluate", seed=seed)
        return done

    def of_notebook(self, order: Sequence[str], seed: int | None) -> KeptCapture:
        """Run statements of the notebook."""
        return run_notebook(self.request, self.facts.notebook, order, self.points, seed)


def _compared(
    points: Sequence[Point], notebook: KeptCapture, package: PackageRun, left_out: dict[str, str] | None = None
) -> Comparison:
    details = (notebook.folder, package.folder)
    return compare(points, notebook.capture, package.capture, details, left_out or {})


def _sliced(
    points: Sequence[Point], notebook: KeptCapture, sliced: KeptCapture, left_out: dict[str, str]
) -> Comparison:
    details = (notebook.folder, sliced.folder)
    return compare(points, notebook.capture, sliced.capture, details, left_out, "slice")


def _in_order(
    comparisons: Sequence[Comparison], metrics: Sequence[Difference], again: Sequence[Difference]
) -> tuple[Difference, ...]:
    """Return each difference once: by value in data flow order, the slice's before the package's, metrics last."""
    found: dict[str, Difference] = {}
    for comparison in comparisons:
        for difference in comparison.differences:
            found.setdefault(difference.key, difference)
    order = {row.key: number for c in comparisons for number, row in enumerate(c.values)}
    by_flow = sorted(found.values(), key=lambda d: order[d.key])
    for difference in metrics:
        found.setdefault(difference.key, difference)
    rest = [d for d in found.values() if d.key not in order]
    return (*by_flow, *rest, *again)
