"""The hardener: types, docstrings, structlog, guards; a line that a checker names is mended, or silenced."""

from collections.abc import Mapping, Sequence

from agents.model import StepInput, StepOutput
from agents.proposals.admit import with_proposals
from tools.checks.model import Diagnostic
from tools.errors import ExitCode, UserError
from tools.plan.model import Constraint
from tools.transform.build import build_modules
from tools.transform.format import formatted
from tools.transform.suppress import line_before, original_line, silenced_lines, suppressed

SILENCED = ("mypy", "ruff")


def harden(step: StepInput) -> StepOutput:
    """Do the step `harden`.

    Args:
        step: Lines that mypy and ruff name are mended where a repair fits, else exactly that code is silenced there.

    Raises:
        UserError: If there is no plan.
    """
    if step.facts is None or step.plan is None:
        raise UserError("step harden needs a plan: run step extract first", ExitCode.FAILED)
    files = formatted(build_modules(step.facts, step.plan, "harden"))
    before = suppressed(files, step.constraints)
    proposed, lost = with_proposals(before, step.proposals, "harden") if step.proposals else (before, 0)
    added = _new_suppressions(step, files, before, formatted(proposed) if step.proposals else before)
    files = suppressed(files, (*step.constraints, *added))
    if step.proposals:
        proposed, lost = with_proposals(files, step.proposals, "harden")
        files = formatted(proposed)
    count = silenced_lines(files)
    summary = "types, docstrings, logging, guards, settings"
    if lost:
        summary += f"; {lost} proposals no longer fit"
    if count:
        summary += f"; {count} lines silence a type or lint code"
    return StepOutput(files=files, constraints=added, summary=summary)


def _new_suppressions(
    step: StepInput, files: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Constraint, ...]:
    """Return the constraints that silence what the diagnostics name.

    Args:
        step: With diagnostics, whose lines count in the files as the step last gave them.
        files: As generated.
        before: With the constraints that there are.
        after: With proposals on top of that: as the step last gave them.
    """
    known = {c.target for c in step.constraints if c.kind == "suppress"}
    found: dict[str, Constraint] = {}
    for diagnostic in step.diagnostics:
        text, changed = before.get(diagnostic.file, ""), after.get(diagnostic.file, "")
        line = diagnostic.line if text == changed else line_before(text, changed, diagnostic.line)
        target = _target(diagnostic.model_copy(update={"line": line}), step.constraints, files)
        if target and target not in known:
            found.setdefault(target, Constraint(kind="suppress", target=target, reason=diagnostic.message[:200]))
    return tuple(found.values())


def _target(diagnostic: Diagnostic, applied: Sequence[Constraint], files: Mapping[str, str]) -> str:
    wanted = diagnostic.check in SILENCED and diagnostic.severity == "error" and diagnostic.line > 0
    if not wanted or not diagnostic.file.startswith("src/"):
        return ""
    line = original_line(files.get(diagnostic.file, ""), applied, diagnostic.file, diagnostic.line)
    return f"{diagnostic.file}:{line}:{diagnostic.check}:{diagnostic.code}"
