"""The supervisor: opens a run, judges each review, and has steps done again; it does no work itself."""

from typing import Any

from langgraph.runtime import Runtime

from graph import routing
from graph.budget import nearly_exhausted
from graph.comparing import mendable
from graph.context import RunContext, changed_by
from graph.improvement import REPAIRS
from graph.improving import given_up, next_to_ask
from graph.mended import REPAIR
from graph.mending import repair_next, task_next
from graph.opening import opened
from graph.state import RunState
from graph.telling import tell

Update = dict[str, Any]


def supervisor(state: RunState, runtime: Runtime[RunContext]) -> Update:
    """Open the run, or judge the latest review; the edges out of it hand over to whoever works next.

    What is configured around the run (in Studio) is taken up each time, so that it may be changed on the way.
    """
    update: Update = {} if "pending" in state else opened(state)
    update |= changed_by(runtime.context, {**state, **update})  # type: ignore[typeddict-item]
    now: RunState = {**state, **update}  # type: ignore[typeddict-item]
    if now["reviewed"] and not now["pending"] and not now["verdict"]:
        update |= _judged(now)
    elif not now["verdict"] and (now["pending"] or now["improvement"].trial or now["mending"].trial):
        update |= _stopped_early(now)
    return update


def _judged(state: RunState) -> Update:
    """Judge a reviewed tree: the verdict, or the steps to redo; nothing where chat models have a say first."""
    trial, mending = state["improvement"].trial, state["mending"]
    if mending.trial is not None:
        return {}
    if trial is not None:
        mend = mendable(state["diagnostics"]) and trial.repairs < REPAIRS and state["progress"]
        if not mend or routing.out_of_budget(state):
            return {}
        trial = trial.model_copy(update={"repairs": trial.repairs + 1})
        return _sent_back(state) | {"improvement": state["improvement"].model_copy(update={"trial": trial})}
    if not routing.errors(state["diagnostics"]):
        if next_to_ask(state) is not None:
            return {}
        task = task_next(state)
        if task:
            return {"mending": mending.model_copy(update={"turn": task})}
        return {"verdict": state["review_verdict"] or "unproven", "reason": state["review_reason"]}
    stop = routing.stop_reason(state)
    spent = stop.startswith(routing.BUDGET_SPENT)
    if stop and not spent and repair_next(state):
        return {"mending": mending.model_copy(update={"turn": REPAIR, "stuck": stop})}
    if stop:
        return {"verdict": "failed", "reason": mending.stuck or stop, "budget_ended": spent and not mending.stuck}
    return _sent_back(state)


def _sent_back(state: RunState) -> Update:
    """Return the update that has the steps done again that own an error."""
    redo = routing.schedule(state["diagnostics"])
    back = routing.failed_steps(state["diagnostics"])
    codes = {s: sorted({d.code for d in routing.errors(state["diagnostics"]) if d.step == s}) for s in back}
    for step in back:
        tell(node="supervisor", event="note", text=f"sends {step} back: {', '.join(codes[step])}")
    steps = {
        name: step.model_copy(update={"sent_back": (*step.sent_back, *codes.get(name, ()))})  # type: ignore[call-overload]
        for name, step in state["steps"].items()
    }
    return {"pending": redo, "progress": False, "steps": steps}


def _stopped_early(state: RunState) -> Update:
    """End the run between two steps when the budget is spent."""
    spent = state["spent"]
    warnings = nearly_exhausted(state["team"].config.budget, spent, state["rounds"])
    for sentence in warnings.values():
        tell(node="supervisor", event="note", text=f"warning: {sentence}")
    spent = spent.model_copy(update={"warned": (*spent.warned, *warnings)})
    stop = routing.out_of_budget(state)
    if stop and state["improvement"].trial is not None:
        return given_up(state, stop) | {"spent": spent}
    if stop and state["mending"].trial is not None:
        trial = state["mending"].trial.model_copy(update={"problem": stop})
        mending = state["mending"].model_copy(update={"trial": trial})
        return {"mending": mending, "pending": [], "awaiting": None, "spent": spent}
    ended: Update = {"verdict": "failed", "reason": stop, "budget_ended": True, "pending": []} if stop else {}
    return ended | ({"spent": spent} if warnings else {})
