"""Outcomes of the equivalence check and the diagnostics they give."""

import time
from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.metrics import EVALUATE
from tools.checks.equivalence.package_runs import PackageFailure, PackageRun
from tools.checks.model import CheckResult, Diagnostic, Difference, EquivalenceResult, Step
from tools.checks.owner import is_broken_code, owner
from tools.checks.request import Outcome
from tools.plan.model import ExtractionPlan
from tools.trace.model import Capture

CHECK = "equivalence"


def outcome(result: EquivalenceResult, diagnostics: Sequence[Diagnostic]) -> Outcome:
    """Return the outcome of a comparison that was made.

    Args:
        result: Of the comparison.
        diagnostics: Findings.
    """
    failed = any(found.severity == "error" for found in diagnostics)
    summary = f"{result.equal} of {result.compared} values equal"
    if result.status == "unproven":
        summary = result.reason
    status = "failed" if failed else "passed" if result.status == "proven" else "skipped"
    return Outcome(
        result=CheckResult.model_validate(
            {
                "name": CHECK,
                "status": status,
                "seconds": result.seconds,
                "summary": summary,
                "diagnostics": tuple(diagnostics),
            }
        ),
        equivalence=result,
    )


def unproven(reason: str, began: float, diagnostics: Sequence[Diagnostic] = ()) -> Outcome:
    """Return the outcome where notebook and package could not be compared.

    Args:
        reason: Why.
        began: Start of the check, by the monotonic clock.
        diagnostics: What was found nevertheless.
    """
    seconds = time.monotonic() - began
    return outcome(EquivalenceResult(status="unproven", reason=reason, seconds=seconds), diagnostics)


def failed_run(run: PackageRun, what: str, sliced: Sequence[Capture], began: float) -> Outcome:
    """Return the outcome where the package does not run to its end.

    Args:
        run: The run that failed.
        what: `training` or `evaluation`.
        sliced: Runs of the slice: where they fail too, a statement is missing.
        began: Start of the check, by the monotonic clock.
    """
    failure = run.failure or PackageFailure(kind="RuntimeError", message="no reason given")
    sentence = failure.sentence(what)
    error = next((capture.error for capture in sliced if capture.error is not None), None)
    if error is not None:
        sentence += f"; the kept statements alone end with {error.kind} at {error.statement}"
    diagnostic = Diagnostic(
        code=CHECK if error is not None else failure.kind,
        message=sentence,
        check=CHECK,
        file=failure.file,
        line=failure.line,
        step="extract" if error is not None else step_of_failure(failure),
        statement=error.statement if error is not None else "",
    )
    return unproven(f"the package does not run: {sentence}", began, (diagnostic,))


def step_of_failure(failure: PackageFailure) -> Step:
    """Return the step that must mend a run that ended early.

    Code that cannot work whatever it is called with was written wrongly; a missing file was not packed; anything else
    comes from how the notebook was cut.

    Args:
        failure: How the run ended.
    """
    if is_broken_code(failure.kind) or not failure.file.startswith("src/"):
        return owner(CHECK, failure.kind, "", failure.message, failure.file or "src/", failure.kind)
    return "pipeline-config" if failure.kind == "FileNotFoundError" else "extract"


def not_equal(result: EquivalenceResult, sliced: Sequence[Difference], cause: str) -> tuple[Diagnostic, ...]:
    """Return one error for each difference, the first diverging value first.

    Args:
        result: Of the comparison.
        sliced: Differences that the slice shows already.
        cause: The dropped statement behind the first of them; empty where none was found. It takes the blame for all.
    """
    keys = {difference.key for difference in sliced}
    found = []
    for number, difference in enumerate(result.differences):
        message, statement = difference.message, difference.statement
        if cause:
            message += f"; it comes from {cause}, which was dropped" if not number else ""
            statement = cause if not number else ""
        elif not keys and difference.key != EVALUATE:
            message += "; the slice still has the notebook's values"
        code = EVALUATE if difference.key == EVALUATE else CHECK
        found.append(
            Diagnostic(code=code, message=message, check=CHECK, step=owner(CHECK, CHECK, ""), statement=statement)
        )
    return tuple(found)


def dropped_draws(
    facts: NotebookFacts, plan: ExtractionPlan, notebook: Capture, sliced: Capture
) -> tuple[Diagnostic, ...]:
    """Warn where a global generator ends in another state than in the notebook and a dropped statement draws from it.

    Imports draw too; an import that is dropped is not reported.

    Args:
        facts: Know which statements draw.
        plan: Knows which are kept.
        notebook: Its run.
        sliced: The run of the slice under the same seed.
    """
    kept = set(plan.order)
    found = []
    for name, state in sorted(notebook.generators.items()):
        if sliced.generators.get(name, state) == state:
            continue
        drawing = [i for i in facts.order if i not in kept and name in facts.statements[i].draws]
        if not drawing:
            continue
        where = ", ".join(drawing[:5])
        found.append(
            Diagnostic(
                code="dropped-draw",
                message=f"{where} drew from the {name} generator and was dropped; no value that is kept depends on it",
                severity="warning",
                check=CHECK,
                step="extract",
                statement=drawing[0],
            )
        )
    return tuple(found)
