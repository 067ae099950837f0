"""The team's guardrails in a run: protected files in the workspace, code rules over every reviewed tree."""

import time
from pathlib import Path

from agents.reviewer import Review
from graph.state import RunState
from guardrails.code_rules import broken_rules
from guardrails.protected_files import refuse_protected
from tools.checks.model import CheckResult, Step
from tools.checks.owner import owner
from tools.team.model import TeamFiles
from tools.workspace import Workspace


def workspace_of(state: RunState) -> Workspace:
    """Return the generated repository, with the team's protected files refused."""
    protected = state["team"].config.guardrails.protected_files
    return Workspace(Path(state["out"]), guards=[refuse_protected(protected)] if protected else [])


def with_code_rules(found: Review, team: TeamFiles, texts: dict[str, str]) -> Review:
    """Return a review with the team's code rules applied to every file; unchanged where there are none.

    Args:
        found: What the checks said.
        team: Whose rules.
        texts: Text of the repository by path.
    """
    rules = team.config.guardrails.code_rules
    if not rules:
        return found
    began = time.monotonic()
    owners: dict[str, Step] = {path: owner("code_rules", "", path) for path in texts}
    broken = tuple(broken_rules(texts, rules, owners))
    blocked = sum(1 for d in broken if d.severity == "error")
    result = CheckResult(
        name="code_rules",
        status="failed" if blocked else "passed",
        seconds=time.monotonic() - began,
        summary=f"{len(rules)} rules of the team: {blocked} broken, {len(broken) - blocked} warnings",
        diagnostics=broken,
    )
    update = {"results": (*found.results, result), "diagnostics": (*found.diagnostics, *broken)}
    return found.model_copy(update=update | ({"verdict": "failed", "reason": result.summary} if blocked else {}))
