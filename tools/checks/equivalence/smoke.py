"""What can still be shown where the notebook does not run: the package imports, and trains where its data is there."""

import tempfile
from pathlib import Path

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.findings import unproven
from tools.checks.equivalence.package_runs import PackageRun, run_package
from tools.checks.equivalence.printed import is_printed_as
from tools.checks.model import Diagnostic
from tools.checks.owner import owner
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import scratch_copy
from tools.plan.model import ExtractionPlan

_OUTSIDE = frozenset(
    {"FileNotFoundError", "URLError", "HTTPError", "gaierror", "ConnectionError", "ModuleNotFoundError"}
)


def smoke(request: CheckRequest, facts: NotebookFacts, plan: ExtractionPlan, began: float) -> Outcome:
    """Import the package, train it where its data is there, and compare with the figures in the saved outputs.

    Args:
        request: For interpreter and limits.
        facts: Of the notebook that does not run.
        plan: In force.
        began: Start of the check, by the monotonic clock.
    """
    error = facts.trace.error
    reason = "the notebook was not run"
    if error is not None:
        reason = f"the notebook does not run here: {error.kind} at {error.statement}: {error.message}"
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder, scratch_copy(request.tree) as tree:
        imported = run_package(request, plan, tree, Path(folder) / "import", mode="import", seed=None)
        if imported.failure and not _outside(imported):
            return unproven(f"{reason}; the package cannot be imported", began, (_diagnostic(imported, "importing"),))
        if imported.failure:
            return unproven(f"{reason}; the package cannot be imported here either", began)
        if any(not (tree / path).exists() for path, _ in plan.data_files) or request.limits.seconds < 1:
            return unproven(f"{reason}; the package can be imported, its data is missing", began)
        trained = run_package(request, plan, tree, Path(folder) / "train", mode="train", seed=None)
    if trained.failure:
        return unproven(f"{reason}; {trained.failure.sentence('training the package')}", began)
    return unproven(f"{reason}; the package trains{_saved_figures(facts, trained.metrics or {})}", began)


def _saved_figures(facts: NotebookFacts, metrics: dict[str, float]) -> str:
    """Say how many of the package's metrics the saved outputs print."""
    text = "\n".join(o.text for cell in facts.notebook.cells for o in cell.outputs)
    words = {word.strip("(),;:%[]") for word in text.split()}
    numbers = sorted(word for word in words if word.count(".") == 1 and word.replace(".", "").isdigit())
    found = sum(1 for value in metrics.values() if any(is_printed_as(value, number) for number in numbers))
    return f", and {found} of its {len(metrics)} metrics are printed in the saved outputs" if metrics else ""


def _outside(run: PackageRun) -> bool:
    failure = run.failure
    return failure is not None and failure.kind in _OUTSIDE and "src" not in failure.message


def _diagnostic(run: PackageRun, what: str) -> Diagnostic:
    failure = run.failure
    assert failure is not None
    return Diagnostic(
        code=failure.kind,
        message=failure.sentence(what),
        check="equivalence",
        file=failure.file,
        line=failure.line,
        step=owner("equivalence", failure.kind, "", "", failure.file or "src/", failure.kind),
    )
