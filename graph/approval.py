"""People in the loop: what a run asks, what may be answered, and what an answer changes."""

from pathlib import Path
from typing import Any, Literal

from langgraph.types import interrupt
from pydantic import Field, ValidationError

from graph import record
from graph.improving import given_up
from graph.routing import REDONE_WITH
from graph.state import Answer, RunState
from graph.team_steps import llm_of
from tools.checks.model import STEPS, Step
from tools.errors import ExitCode, UserError
from tools.frozen import Frozen
from tools.plan.edits import PlanEdits, validated_edits
from tools.plan.model import Constraint
from tools.plan.read_back import UNDERSTOOD, edits_in, edits_in_words
from tools.team.steps import of_name

Update = dict[str, Any]


class Reply(Frozen):
    """An answer as it is given: on the command line, or as the resume value of the interrupt.

    Attributes:
        action: `accept`, `edit` (the plan only) or `reject`.
        plan: Text of an edited EXTRACTION_PLAN.md (`edit`).
        edits: The same as values (`edit`), for programs and for Studio.
        reason: Why it is rejected.
    """

    action: Literal["accept", "edit", "reject"]
    plan: str = ""
    edits: PlanEdits = PlanEdits()
    reason: str = Field(default="", max_length=10_000)


def must_ask(state: RunState, step: Step) -> bool:
    """Tell whether a person has to approve what a step has just given."""
    asked = state.get("approve", "")
    return (
        asked == "each-step"
        or (asked == "plan" and step == "extract")
        or of_name(state["team"].pipeline, step).checkpoint
    )


def unapplied(state: RunState) -> tuple[Constraint, ...]:
    """Return what a person asks for (in an answer, or by editing the state) that the plan does not hold yet.

    Raises:
        UserError: If it cannot be honoured.
    """
    try:
        edits = PlanEdits.model_validate(state.get("edits") or {})
    except ValidationError as error:
        raise UserError(f"`edits` in the state is wrong: {error.errors()[0]['msg']}") from error
    if not edits or not state.get("plan_id"):
        return ()
    folder = Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    return validated_edits(facts, plan, edits) if facts is not None and plan is not None else ()


def question(state: RunState, error: str = "") -> dict[str, Any]:
    """Return what a person is asked: small and readable, the plan itself lies in the output folder.

    Args:
        state: With the step that waits.
        error: Why the last answer could not be honoured.
    """
    step = state["awaiting"] or "extract"
    answers = ["accept", "edit", "reject"] if step == "extract" else ["accept", "reject"]
    asked: dict[str, Any] = {
        "step": step,
        "question": f"Step {step} is done: {state['steps'][step].summary}. Go on?",
        "look_at": f"{state['out']}/EXTRACTION_PLAN.md" if step == "extract" else state["out"],
        "answers": answers,
    }
    last = state["answers"][-1] if state.get("answers") else None
    if last is not None and last.note:
        asked["last_answer"] = last.note
    return asked | ({"error": error} if error else {})


def approval(state: RunState) -> Update:
    """Wait for a person; an answer that cannot be honoured is told why, and asked for again."""
    error = ""
    while True:
        given = interrupt(question(state, error))
        try:
            return answered(state, read_reply(given))
        except UserError as refused:
            error = str(refused)


def read_reply(given: Any) -> Reply:  # noqa: ANN401
    """Return an answer as a model; a bare word such as "accept" will do.

    Raises:
        UserError: If it is none.
    """
    try:
        return Reply.model_validate({"action": given} if isinstance(given, str) else given)
    except ValidationError as error:
        raise UserError(
            'answer {"action": "accept"}, {"action": "edit", "edits": {…}} or {"action": "reject", "reason": "…"}: '
            f"{error.errors()[0]['msg']}"
        ) from error


def answered(state: RunState, reply: Reply) -> Update:
    """Return what an answer changes in the state.

    Raises:
        UserError: If it cannot be honoured.
    """
    step: Step = state["awaiting"] or "extract"
    if reply.action == "accept":
        return _went_on(state, Answer(step=step, action="accept"))
    if reply.action == "edit":
        return _edited(state, step, reply)
    return _rejected(state, step, reply.reason.strip())


def _edited(state: RunState, step: Step, reply: Reply) -> Update:
    if step != "extract":
        raise UserError(f"only the plan can be edited here; accept or reject what step {step} gave")
    folder = Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    if facts is None or plan is None:
        raise UserError(f"the facts of this run are gone from {folder}: start it anew", ExitCode.FAILED)
    edits = reply.edits.joined(edits_in(reply.plan, facts, plan)) if reply.plan else reply.edits
    if not edits:
        return _went_on(state, Answer(step=step, action="accept", note="edited without a change: accepted"))
    validated_edits(facts, plan, edits)
    return _went_on(state, Answer(step=step, action="edit", note="the plan was edited")) | {"edits": edits}


def _rejected(state: RunState, step: Step, reason: str) -> Update:
    """Send a step back with the reason: to a chat model where one is configured, else as far as it is understood."""
    if not reason:
        raise UserError("say why: the reason is what the step is done again with")
    if state["improvement"].trial is not None:
        told = Answer(
            step=step, action="reject", reason=reason, note=f"rejected ({reason}): what was proposed goes back"
        )
        return _went_on(state, told) | given_up(state, f"a person rejected step {step} with them: {reason}")
    if llm_of(state["team"], step).model not in ("", "none"):
        told = Answer(
            step=step, action="reject", reason=reason, note=f"rejected ({reason}): done again with the reason"
        )
        again = [s for s in STEPS if s == step or s in REDONE_WITH[step] or s in state["pending"]]
        return _went_on(state, told) | {"pending": again}
    folder = Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    edits = edits_in_words(reason, plan, facts) if step == "extract" and facts and plan else PlanEdits()
    if edits and facts and plan:
        validated_edits(facts, plan, edits)
        told = Answer(step=step, action="reject", reason=reason, note=f"rejected ({reason}): planned again accordingly")
        return _went_on(state, told) | {"edits": edits}
    if step == "extract":
        why = f"without a chat model the extractor understands only: {'; '.join(UNDERSTOOD)}"
    else:
        why = f"without a chat model step {step} gives the same each time"
    note = f"rejected ({reason}), and nothing was changed: {why}. Edit the plan, accept, or configure llm.model"
    told = Answer(step=step, action="reject", reason=reason, note=note)
    return {"answers": [*state.get("answers", []), told], "awaiting": step}


def _went_on(state: RunState, answer: Answer) -> Update:
    return {"answers": [*state.get("answers", []), answer], "awaiting": None}


def reasons_for(state: RunState, step: Step) -> str:
    """Return what a person rejected a step for, as instructions of its agent."""
    found = [a.reason for a in state.get("answers", []) if a.step == step and a.action == "reject"]
    return "".join(f"\nA person rejected an earlier result of this step: {reason}" for reason in found)


def asks_after(state: RunState, step: Step, honoured: bool) -> Step | None:
    """Return the step that now waits for a person.

    Args:
        state: Before the step was done.
        step: Just done.
        honoured: It did what a person had asked for; an edit counts as the acceptance of the edited plan.
    """
    answers = state.get("answers", [])
    edited = honoured and not (answers and answers[-1].action == "reject")
    return step if must_ask(state, step) and not edited else None
