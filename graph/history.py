"""Going back in a run: to a step's commit, or before a step to do it and what follows anew."""

from pathlib import Path
from typing import Any

from graph import record
from graph.guarding import workspace_of
from graph.improvement import Improvement, Reviewed
from graph.improving import with_status
from graph.locks import only_process, only_writer
from graph.mended import Mending
from graph.mending import anew
from graph.opening import output_folder
from graph.run import Change, known_thread, open_run, state_of
from graph.state import RunState, StepRecord
from tools.checks.model import STEPS, Step
from tools.errors import UserError
from tools.team.override import overridden
from tools.workspace import Workspace, sha256


def step_named(name: str) -> Step:
    """Return the step of a name.

    Raises:
        UserError: If there is none.
    """
    for step in STEPS:
        if step == name:
            return step
    raise UserError(f"there is no step {name!r}: the steps are {', '.join(STEPS)}")


def rollback(step: Step, thread_id: str = "") -> str:
    """Return the generated repository of a run to the commit of a step, as a new commit on top.

    Args:
        step: Whose latest commit.
        thread_id: Of the run; the latest one if empty.

    Returns:
        What was done, in a sentence.

    Raises:
        UserError: If there is no such run, or the step has not been done in it.
    """
    thread = known_thread(thread_id)
    with open_run(thread) as (graph, config), only_process(thread):
        state = state_of(graph, config)
        with only_writer(output_folder(state)):
            graph.update_state(config, _went_back(state, step, f"rollback: to step {step}"), as_node="extractor")
    commit = state["steps"][step].commit
    rest = _after(step)
    ahead = f"{', '.join(rest)} and the review are ahead again" if rest else "the review is ahead again"
    return (
        f"{state['out']} is as step {step} left it (commit {commit[:12]}); what came after is still in its git log. "
        f"Nothing is proven of this tree: {ahead}, `ml-productionize resume {thread}` does them"
    )


def redone_from(step: Step, overrides: dict[str, str] | None = None) -> Change:
    """Return the change that has a run do a step, and all that follow it, anew.

    The tree is what the step before it left, the steps begin with their first attempt, and the rounds of review are
    counted anew. What was spent stays, and what checks have taught, unless the notebook itself is read again.

    Args:
        step: The first one to do.
        overrides: Values over the configuration of the run, such as `{"budget.max_rounds": "20"}`.
    """

    def change(state: RunState) -> dict[str, Any]:
        before = STEPS[: STEPS.index(step)]
        update = _went_back(state, before[-1], f"redo: from step {step}") if before else _from_the_start(state)
        return update | with_overrides(overrides or {})(state)

    return change


def with_overrides(overrides: dict[str, str]) -> Change:
    """Return the change that sets values of a run's configuration; none for none."""

    def change(state: RunState) -> dict[str, Any]:
        return {"team": overridden(state["team"], overrides, "command line")} if overrides else {}

    return change


def _after(step: Step) -> list[Step]:
    return list(STEPS[STEPS.index(step) + 1 :])


def _went_back(state: RunState, step: Step, message: str) -> dict[str, Any]:
    done = state.get("steps", {}).get(step, StepRecord())
    if not done.commit:
        raise UserError(f"step {step} has not been done in run {state.get('thread_id', '')}: there is no commit of it")
    workspace = workspace_of(state)
    workspace.reset(state["head"])
    workspace.restore(done.commit)
    head = workspace.commit(message)
    return _ahead(state, _after(step)) | {"head": head}


def _from_the_start(state: RunState) -> dict[str, Any]:
    """Read the notebook as it is now, and forget what was found in it before."""
    if "steps" not in state:
        raise UserError("the run has not begun: `ml-productionize resume` goes on with it")
    record.forget_facts(Path(state["run_dir"]))
    workspace = Workspace(Path(state["out"]))
    workspace.reset(state["head"])
    workspace.remove(workspace.files())
    head = workspace.commit("redo: from step extract")
    notebook = Path(state["notebook"])
    digest = sha256(notebook) if notebook.is_file() else state["notebook_sha256"]
    forgotten = {"plan_id": "", "constraints": [], "improvement": Improvement(), "mending": Mending()}
    return _ahead(state, list(STEPS)) | forgotten | {"notebook_sha256": digest, "head": head}


def _ahead(state: RunState, steps: list[Step]) -> dict[str, Any]:
    """Return the update after which these steps and the review are still to be done.

    Proposals of chat models that were accepted stay in force; models are asked on behalf of these steps anew.
    """
    found = state["improvement"]
    again = {
        "floor": None,
        "trial": None,
        "attempts": {step: count for step, count in found.attempts.items() if step not in steps},
        "finished": tuple(step for step in found.finished if step not in steps),
        "silent": "",
        "proposals": with_status(found, "rejected", "the run went back to an earlier step"),
    }
    floor = found.floor if found.trial is not None else None
    old = record.load(Path(state["run_dir"]) / "floors", floor.review, Reviewed) if floor else None
    return {
        **({"plan_id": old.plan_id, "constraints": list(old.constraints)} if old else {}),
        "improvement": found.model_copy(update=again),
        "mending": anew(state["mending"]),
        "pending": steps,
        "steps": {name: found for name, found in state["steps"].items() if name not in steps},
        "reviewed": False,
        "awaiting": None,
        "rounds": 0,
        "progress": True,
        "seen": [],
        "checks": [],
        "equivalence": None,
        "diagnostics": [],
        "review_verdict": None,
        "review_reason": "",
        "best": None,
        "verdict": None,
        "reason": "",
        "budget_ended": False,
    }
