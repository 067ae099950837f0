"""The hardener: types, docstrings, structlog, guards; a line that a checker names is mended, or silenced."""

from collections.abc import Mapping, Sequence

from agents.model import StepInput, StepOutput
from tools.checks.model import Diagnostic
from tools.errors import ExitCode, UserError
from tools.plan.model import Constraint
from tools.transform.build import build_modules
from tools.transform.format import formatted
from tools.transform.suppress import original_line, silenced_lines, suppressed

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
    added = _new_suppressions(step, files)
    constraints = (*step.constraints, *added)
    files = suppressed(files, constraints)
    count = silenced_lines(files)
    summary = "types, docstrings, logging, guards, settings"
    if count:
        summary += f"; {count} lines silence a type or lint code"
    return StepOutput(files=files, constraints=added, summary=summary)


def _new_suppressions(step: StepInput, files: Mapping[str, str]) -> tuple[Constraint, ...]:
    known = {c.target for c in step.constraints if c.kind == "suppress"}
    found: dict[str, Constraint] = {}
    for diagnostic in step.diagnostics:
        target = _target(diagnostic, step.constraints, files)
        if target and target not in known:
            found.setdefault(target, Constraint(kind="suppress", target=target, reason=diagnostic.message[:200]))
    return tuple(found.values())


def _target(diagnostic: Diagnostic, applied: Sequence[Constraint], files: Mapping[str, str]) -> str:
    wanted = diagnostic.check in SILENCED and diagnostic.severity == "error" and diagnostic.line > 0
    if not wanted or not diagnostic.file.startswith("src/"):
        return ""
    line = original_line(files.get(diagnostic.file, ""), applied, diagnostic.file, diagnostic.line)
    return f"{diagnostic.file}:{line}:{diagnostic.check}:{diagnostic.code}"
