"""Run one of the checks on the tree as it stands with the edits."""

from pydantic import Field

from agents.toolbox.model import Bench, RefusedError, Tool
from agents.toolbox.sharing import shown
from tools.frozen import Frozen

OFFERED = ("ruff", "format", "mypy", "conventions", "pytest", "pipeline", "equivalence")
"""Mutation testing judges tests, takes minutes, and is left to the review."""
MOST_FINDINGS = 15
MOST_RUNS = 20


class RunCheck(Frozen):
    """Which one."""

    name: str = Field(description=f"One of {', '.join(OFFERED)}.")


def run_check(bench: Bench, asked: RunCheck) -> str:
    """Return what a check finds.

    Raises:
        RefusedError: If there is no such check, or enough have run.
    """
    if asked.name not in OFFERED:
        raise RefusedError(f"there is no check {asked.name[:60]!r}: there are {', '.join(OFFERED)}")
    if bench.checked >= MOST_RUNS:
        raise RefusedError(f"{MOST_RUNS} checks have run: no more do, the review is next")
    bench.checked += 1
    found = bench.check(bench.tree, asked.name)
    if isinstance(found, str):
        return f"{asked.name} did not run: {found}"
    errors = [one for one in found if one.severity == "error"]
    if not errors:
        return f"{asked.name} passes"
    lines = [shown(one, bench.tree, bench.share) for one in errors[:MOST_FINDINGS]]
    more = [f"and {len(errors) - MOST_FINDINGS} more"] if len(errors) > MOST_FINDINGS else []
    return "\n".join([*lines, *more])


RUN_CHECK = Tool("run_check", "Run one check on the files with your edits; answers its findings.", RunCheck, run_check)
