"""How much a step may change of what stands in the repository already."""

import difflib
from collections.abc import Mapping

from tools.checks.model import Diagnostic, Step
from tools.team.model import GuardrailsConfig


def beyond_limits(
    before: Mapping[str, str], after: Mapping[str, str], step: Step, limits: GuardrailsConfig
) -> tuple[Diagnostic, ...]:
    """Return a finding for each limit on changes that a step exceeds.

    New files are no changes: the limits are about what was there before the step.

    Args:
        before: Text files by path as the step found them.
        after: As it left them.
        step: Its name.
        limits: `max_files_modified` and `max_lines_changed`; 0 for none.
    """
    changed = {path: after.get(path, "") for path in sorted(before) if after.get(path) != before[path]}
    found = []
    if limits.max_files_modified and len(changed) > limits.max_files_modified:
        said = f"step {step} changed {len(changed)} files, {limits.max_files_modified} are allowed"
        found.append(_diagnostic("max-files-modified", f"{said} (guardrails.max_files_modified)", step))
    lines = sum(changed_lines(before[path], text) for path, text in changed.items()) if limits.max_lines_changed else 0
    if limits.max_lines_changed and lines > limits.max_lines_changed:
        said = f"step {step} changed {lines} lines, {limits.max_lines_changed} are allowed"
        found.append(_diagnostic("max-lines-changed", f"{said} (guardrails.max_lines_changed)", step))
    return tuple(found)


def changed_lines(old: str, new: str) -> int:
    """Return the number of lines removed and added between two texts."""
    delta = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return sum(1 for number, line in enumerate(delta) if number > 1 and line[0] in "+-")


def _diagnostic(code: str, message: str, step: Step) -> Diagnostic:
    return Diagnostic(code=code, message=f"{message}: raise the limit or change less", check="change_limits", step=step)
