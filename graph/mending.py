"""Whose turn it is among agents that edit, and whether their tree may stay: pure functions."""

from collections.abc import Sequence
from typing import Any, Literal

from agents.llm import configured
from graph.comparing import spoiled, spoken_against
from graph.improvement import Reviewed
from graph.mended import REPAIR, Mending, PatchRecord
from graph.routing import errors, out_of_budget
from graph.state import RunState, StepRecord
from tools.checks.model import CheckResult
from tools.errors import UserError
from tools.team.model import LlmConfig, PipelineStep, TeamFiles
from tools.team.steps import llm_for, own_steps

ATTEMPTS = 2
"""Times that one work is tried in a row: again only after its edits were taken back."""
MOST_WORKS = 6
"""Repairs in one run."""


def model_for(team: TeamFiles, work: str) -> LlmConfig:
    """Return the chat model of a work: its step's, else that of `reviewer` or `build`, else the common one."""
    own = next((step for step in own_steps(team.pipeline) if step.name == work), None)
    return llm_for(team.config.llm, *(("reviewer", "") if own is None else (own.agent, own.model)))


def why_not(team: TeamFiles, work: str) -> str:
    """Say why no agent can do a work; empty where one can."""
    try:
        return configured(model_for(team, work))
    except UserError as error:
        return str(error)


def repair_next(state: RunState) -> bool:
    """Tell whether an agent may try to mend what no policy can.

    Args:
        state: Reviewed with errors, no further repair known.
    """
    found = state["mending"]
    done = sum(1 for work in found.works if work.work == REPAIR)
    may = REPAIR not in found.finished and done < MOST_WORKS and not out_of_budget(state)
    return may and not why_not(state["team"], REPAIR)


def task_next(state: RunState) -> str:
    """Return the name of the team's own step whose task is next; empty where there is none.

    Args:
        state: Reviewed without an error.
    """
    for own in own_steps(state["team"].pipeline):
        if waits(state, own) and not state["steps"].get(own.name, StepRecord()).skipped:
            return own.name
    return ""


def waits(state: RunState, own: PipelineStep) -> bool:
    """Tell whether the task of a step of the team's own is still to be done, and an agent can do it."""
    found = state["mending"]
    done = own.name in found.finished or own.name in {p.work for p in found.patches if p.status != "rejected"}
    return bool(own.task) and not done and not why_not(state["team"], own.name)


def against(new: Reviewed, old: Reviewed, work: str) -> str:
    """Say why a tree with an agent's edits may not stay, or return an empty string.

    Args:
        new: Its review.
        old: Review of the tree without them.
        work: A repair must leave fewer errors or pass more checks; another work must leave none.
    """
    if work != REPAIR:
        return spoken_against(new.diagnostics) or spoiled(new, old)
    lost = spoiled(new, old)
    if lost:
        return lost
    fewer = _errors(new) < _errors(old)
    if _passed(new.checks) > _passed(old.checks) or (fewer and _passed(new.checks) == _passed(old.checks)):
        return ""
    return f"{_errors(new)} errors would be left of {_errors(old)}: {spoken_against(new.diagnostics)}"


def reasons_of(found: Mending, work: str) -> list[str]:
    """Return why earlier edits of a work were taken back."""
    return [f"{p.told}: {p.reason}" for p in found.patches if p.work == work and p.status == "rejected"]


def done_by(found: Mending, work: str) -> str:
    """Return what an agent said of edits that are in the tree; empty where there are none of this work."""
    return next((p.told for p in reversed(found.patches) if p.work == work and p.status != "rejected"), "")


def why_undone(state: RunState, work: str) -> str:
    """Say why a work is not done, where it is not tried again."""
    why = why_not(state["team"], work)
    if why:
        return why
    found = state["mending"]
    reasons = reasons_of(found, work)
    problems = [one.problem for one in found.works if one.work == work and one.problem]
    return f"its edits were taken back: {reasons[-1]}" if reasons else (problems or ["the agent edited nothing"])[-1]


def with_status(found: Mending, status: Literal["accepted", "rejected"], reason: str = "") -> tuple[PatchRecord, ...]:
    """Return the patches with the one under trial given a status."""
    return tuple(
        p.model_copy(update={"status": status, "reason": reason}) if p.status == "pending" else p for p in found.patches
    )


def tried_in_vain(found: Mending, work: str) -> bool:
    """Tell whether a work was taken back as often in a row as it may be."""
    mine = [p.status for p in found.patches if p.work == work]
    return mine[-ATTEMPTS:] == ["rejected"] * ATTEMPTS


def anew(found: Mending) -> Mending:
    """Return what stays where a run goes back to an earlier step: accepted edits, and what was spent."""
    reason = "the run went back to an earlier step"
    values: dict[str, Any] = {"turn": "", "trial": None, "stuck": "", "finished": ()}
    return found.model_copy(update={**values, "patches": with_status(found, "rejected", reason)})


def _errors(review: Reviewed) -> int:
    return len(errors(review.diagnostics))


def _passed(checks: Sequence[CheckResult]) -> frozenset[str]:
    return frozenset(check.name for check in checks if check.status == "passed" and check.name != "mutation")
