"""The hardener: types, docstrings, structlog, guards; what cannot be mended is silenced line by line, and reported."""

from agents.model import StepInput, StepOutput
from tools.checks.model import Diagnostic
from tools.errors import ExitCode, UserError
from tools.plan.model import Constraint
from tools.transform.build import build_modules
from tools.transform.format import formatted
from tools.transform.suppress import suppressed

SILENCED = ("mypy", "ruff")


def harden(step: StepInput) -> StepOutput:
    """Do the step `harden`.

    Args:
        step: Diagnostics of mypy and ruff that no rule mends become suppressions of exactly that code on that line.

    Raises:
        UserError: If there is no plan.
    """
    if step.facts is None or step.plan is None:
        raise UserError("step harden needs a plan: run step extract first", ExitCode.FAILED)
    files = formatted(build_modules(step.facts, step.plan, "harden"))
    added = _new_suppressions(step)
    constraints = (*step.constraints, *added)
    files = suppressed(files, constraints)
    count = sum(1 for c in constraints if c.kind == "suppress" and c.target.startswith("src/"))
    summary = "types, docstrings, logging, guards, settings"
    if count:
        summary += f"; {count} lines silence a type or lint code"
    return StepOutput(files=files, constraints=added, summary=summary)


def _new_suppressions(step: StepInput) -> tuple[Constraint, ...]:
    known = {c.target for c in step.constraints if c.kind == "suppress"}
    found: dict[str, Constraint] = {}
    for diagnostic in step.diagnostics:
        target = _target(diagnostic)
        if target and target not in known:
            found.setdefault(target, Constraint(kind="suppress", target=target, reason=diagnostic.message[:200]))
    return tuple(found.values())


def _target(diagnostic: Diagnostic) -> str:
    wanted = diagnostic.check in SILENCED and diagnostic.severity == "error" and diagnostic.line > 0
    if not wanted or not diagnostic.file.startswith("src/"):
        return ""
    return f"{diagnostic.file}:{diagnostic.line}:{diagnostic.check}:{diagnostic.code}"
