"""Whose chat model is asked next, and how the state goes back: pure functions of the state."""

from typing import Any

from agents.llm import configured
from agents.specialists.registry import SPECIALISTS
from graph.comparing import count_tests
from graph.improvement import ATTEMPTS, Improvement, ProposalRecord, Reviewed, Status, Trial
from graph.routing import REDONE_WITH, out_of_budget
from graph.state import RunState, StepRecord
from graph.team_steps import llm_of
from tools.checks.model import STEPS, Step
from tools.errors import UserError
from tools.transform.suppress import silenced_lines

Update = dict[str, Any]


def next_to_ask(state: RunState) -> Step | None:
    """Return the step whose chat model is asked next; None where none is.

    Args:
        state: With a reviewed tree without an error.
    """
    if out_of_budget(state):
        return None
    found = state["improvement"]
    for specialist in SPECIALISTS:
        step = specialist.step
        done = step in found.finished or found.attempts.get(step, 0) >= ATTEMPTS
        if not done and not state["steps"].get(step, StepRecord()).skipped and not why_silent(state, step):
            return step
    return None


def why_silent(state: RunState, step: Step) -> str:
    """Say why a step has no chat model to ask; empty where it has one."""
    try:
        return configured(llm_of(state["team"], step))
    except UserError as error:
        return str(error)


def redone(step: Step) -> list[Step]:
    """Return the steps that are done again with a step's proposals."""
    return [other for other in STEPS if other == step or other in REDONE_WITH[step]]


def review_of(state: RunState, tree: dict[str, str]) -> Reviewed:
    """Return what the latest review said, and what is needed to come back to it.

    Args:
        state: Just reviewed.
        tree: Text files of the generated repository.
    """
    return Reviewed(
        plan_id=state["plan_id"],
        constraints=tuple(state["constraints"]),
        checks=tuple(state["checks"]),
        equivalence=state["equivalence"],
        diagnostics=tuple(state["diagnostics"]),
        verdict=state["review_verdict"] or "unproven",
        reason=state["review_reason"],
        steps={name: (step.commit, step.summary) for name, step in state["steps"].items()},
        tests=count_tests(tree),
        silenced=silenced_lines(tree),
    )


def taken_back(state: RunState, old: Reviewed) -> Update:
    """Return the update that brings back what was known of the last accepted tree; attempts and costs stay counted."""
    steps = {
        name: step.model_copy(update={"commit": old.steps[name][0], "summary": old.steps[name][1]})
        for name, step in state["steps"].items()
        if name in old.steps
    }
    return {
        "plan_id": old.plan_id,
        "constraints": list(old.constraints),
        "checks": list(old.checks),
        "equivalence": old.equivalence,
        "diagnostics": list(old.diagnostics),
        "review_verdict": old.verdict,
        "review_reason": old.reason,
        "steps": steps,
        "pending": [],
        "awaiting": None,
        "reviewed": True,
    }


def with_status(found: Improvement, status: Status, reason: str = "") -> tuple[ProposalRecord, ...]:
    """Return the proposals with those under trial given a status."""
    return tuple(
        p.model_copy(update={"status": status, "reason": reason}) if p.status == "pending" else p
        for p in found.proposals
    )


def given_up(state: RunState, problem: str) -> Update:
    """Return the update after which the tree under trial is taken back without a review."""
    found = state["improvement"]
    assert found.trial is not None
    trial: Trial = found.trial.model_copy(update={"problem": problem})
    return {"pending": [], "awaiting": None, "improvement": found.model_copy(update={"trial": trial})}
