"""The messages of the delivered commits: conventional, with the step's own summary."""

import re

from tools.delivery.model import Accepted
from tools.errors import printable
from tools.secrets import redact

_SUBJECTS = {
    "extract": ("docs", "plan the extraction from the notebook"),
    "structure": ("feat", "structure the notebook's code as modules"),
    "harden": ("refactor", "add types, docstrings, logging and guards"),
    "test": ("test", "add tests from recorded values"),
    "pipeline-config": ("build", "add pipelines, requirements and make targets"),
    "report": ("docs", "report what was proven"),
}
_CONVENTIONAL = re.compile(r"^(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(?:\([^)]*\))?!?: \S")


def message(step: Accepted, project: str) -> str:
    """Return the message of a step's commit.

    Args:
        step: An accepted one.
        project: Its scope.
    """
    summary = redact(printable(step.summary)).strip()
    source = f"Generated-commit: {step.commit}"
    if step.step in _SUBJECTS:
        kind, subject = _SUBJECTS[step.step]
        return f"{kind}({project}): {subject}\n\n{step.step}: {summary}\n\n{source}\n"
    subject = summary if _CONVENTIONAL.match(summary) else f"chore({project}): {summary or 'change'}"
    return f"{subject}\n\n{source}\n"
