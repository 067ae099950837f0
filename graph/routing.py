"""Who works next: pure functions of the state."""

from collections.abc import Sequence
from typing import Literal

from graph.budget import exhausted
from graph.state import BestTree, RunState, StepRecord
from tools.checks.model import STEPS, Diagnostic, Step
from tools.team.steps import AGENT_OF, AgentName

Target = Literal[AgentName, "reviewer", "reporter", "approval", "proposer", "mender"]

REDONE_WITH: dict[Step, tuple[Step, ...]] = {
    "extract": ("structure", "harden", "test", "pipeline-config"),
    "structure": ("harden",),
    "harden": (),
    "test": (),
    "pipeline-config": (),
}
"""The steps whose input changes when a step is redone."""


def errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics that block."""
    return [found for found in diagnostics if found.severity == "error"]


def failed_steps(diagnostics: Sequence[Diagnostic]) -> list[Step]:
    """Return the steps that own an error, in pipeline order."""
    owners = {found.step for found in errors(diagnostics)}
    return [step for step in STEPS if step in owners]


def schedule(diagnostics: Sequence[Diagnostic]) -> list[Step]:
    """Return the steps to redo: those that own an error and those whose input changes with them."""
    failed = failed_steps(diagnostics)
    redo = {again for step in failed for again in (step, *REDONE_WITH[step])}
    return [step for step in STEPS if step in redo]


BUDGET_SPENT = "the budget is spent"


def out_of_budget(state: RunState) -> str:
    """Say which limit of the budget is reached, or return an empty string."""
    spent = exhausted(state["team"].config.budget, state["spent"], state["rounds"])
    return f"{BUDGET_SPENT}: {spent}" if spent else ""


def stop_reason(state: RunState) -> str:
    """Say why no further attempt is made although errors are left, or return an empty string."""
    spent = out_of_budget(state)
    if spent:
        return spent
    limit = state["team"].config.budget.max_attempts
    failed = failed_steps(state["diagnostics"])
    for step in failed:
        if state["steps"].get(step, StepRecord()).attempts >= limit:
            return f"{BUDGET_SPENT}: step {step} was tried {limit} times (budget.max_attempts)"
    if not state["progress"]:
        first = errors(state["diagnostics"])[0]
        return f"no further repair is known for step {failed[0]}: {first.code}: {first.message}"
    return ""


def better(new: BestTree, old: BestTree | None) -> bool:
    """Tell whether a reviewed tree beats the best so far: proven first, then fewer errors; the later one of equals."""
    if old is None:
        return True
    return (new.proven, -new.errors) >= (old.proven, -old.errors)


def next_node(state: RunState) -> Target:
    """Return the node that the supervisor hands over to.

    Returns:
        The name of an agent, `reviewer`, `approval` where a person must answer, `reporter` when the run has ended,
        `proposer` where chat models have a say, `mender` where one edits. What a person asks of the plan goes first to
        the extractor.
    """
    if state.get("verdict"):
        return "reporter"
    if state.get("awaiting"):
        return "approval"
    edits = state.get("edits")
    if edits and state.get("plan_id") and any(edits.values() if isinstance(edits, dict) else (edits,)):
        return "extractor"
    if state["pending"]:
        return AGENT_OF[state["pending"][0]]
    found = state.get("mending")
    if found and (found.turn or (found.trial is not None and (state.get("reviewed") or found.trial.problem))):
        return "mender"
    trial = state["improvement"].trial if "improvement" in state else None
    if state.get("reviewed") or (trial is not None and trial.problem):
        return "proposer"
    return "reviewer"
