"""What a CI shows of a run: Markdown for the summary of a workflow's step."""

from collections.abc import Sequence

from tools.checks.model import CheckResult, Diagnostic
from tools.errors import printable
from tools.secrets import redact

_MOST = 20


def step_summary(
    name: str, verdict: str, reason: str, results: Sequence[CheckResult], diagnostics: Sequence[Diagnostic]
) -> str:
    """Return the verdict, the checks and the first errors.

    Args:
        name: Of the notebook or the repository.
        verdict: Of the run.
        reason: Why it is not `verified`.
        results: Of the checks.
        diagnostics: Findings.
    """
    lines = [f"### {_plain(name)}: {verdict}", "", *([_plain(reason), ""] if reason else [])]
    lines += ["| check | result | |", "|---|---|---|"]
    lines += [f"| {r.name} | {r.status} | {_plain(r.summary)} |" for r in results]
    errors = [d for d in diagnostics if d.severity == "error"]
    if errors:
        lines += ["", *(f"- {_plain(_told(d))}" for d in errors[:_MOST])]
        lines += [f"- and {len(errors) - _MOST} more"] if len(errors) > _MOST else []
    return redact("\n".join(lines)) + "\n\n"


def _told(found: Diagnostic) -> str:
    place = f"{found.file}:{found.line}: " if found.line else f"{found.file}: " if found.file else ""
    return f"{place}{found.code}: {found.message[:300]}"


def _plain(text: str) -> str:
    """Return a text that stays within one cell of a table and starts no markup of its own."""
    one_line = " ".join(printable(text).split())
    return one_line.replace("|", "\\|").replace("<", "&lt;")
