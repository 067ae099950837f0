"""The conventions as a check of the reviewer."""

import time
from pathlib import Path

from guardrails.conventions import read_conventions
from guardrails.rules.model import Rule, Subject
from guardrails.rules.registry import RULES
from tools.checks.model import CheckResult, Diagnostic, Step
from tools.checks.owner import owner
from tools.checks.request import CheckRequest, Outcome
from tools.workspace import Workspace

STRUCTURE = frozenset({"G003", "G011", "G012"})
"""Rules that writing the modules anew mends, not hardening them."""


def check_conventions(request: CheckRequest) -> Outcome:
    """Apply every rule to the repository.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    tree = Path(request.tree)
    lines = read_conventions(request.conventions)
    subject = Subject(files=Workspace(tree).texts(), plan=request.plan, conventions=lines)
    diagnostics = broken_conventions(subject)
    errors = [found for found in diagnostics if found.severity == "error"]
    summary = f"{len(errors)} broken" if errors else f"{len(RULES)} rules hold"
    return Outcome(
        result=CheckResult(
            name="conventions",
            status="failed" if errors else "passed",
            seconds=time.monotonic() - began,
            summary=summary,
            diagnostics=diagnostics,
        )
    )


def broken_conventions(subject: Subject, rules: tuple[Rule, ...] = RULES) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each place that breaks a rule, by rule, file and line.

    The user's own modules are carried over as they are: what they break is a warning.

    Args:
        subject: The repository.
        rules: Rules to apply.
    """
    carried = {path for path, _ in subject.plan.local_modules} if subject.plan else set()
    return tuple(
        Diagnostic(
            code=rule.code,
            message=f"{found.message} ({rule.name})",
            severity="warning" if found.file in carried else found.severity or rule.severity,
            check="conventions",
            file=found.file,
            line=found.line,
            step=_step(rule, found.file),
        )
        for rule in rules
        for found in sorted(rule.find(subject), key=lambda f: (f.file, f.line, f.message))
    )


def _step(rule: Rule, file: str) -> Step:
    if file == "EXTRACTION_PLAN.md":
        return "extract"
    if file.startswith("src/") and (rule.code in STRUCTURE or rule.code == "G001"):
        return "structure"
    return owner("conventions", rule.code, file)
