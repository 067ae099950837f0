"""The node of agents that edit with tools: takes a tree under trial in or back, or has the next agent work."""

import time
from pathlib import Path
from typing import Any

from agents.llm import Usage
from agents.patches import Patch
from agents.tool_calling import Worked
from graph import record
from graph.agent_work import Asking, Tell, agent_works, bench_of, told_of
from graph.improvement import Reviewed
from graph.improving import review_of, taken_back
from graph.mended import REPAIR, Mending, PatchRecord, PatchTrial
from graph.mending import against, tried_in_vain, with_status
from graph.routing import better, errors, out_of_budget
from graph.state import BestTree, RunState
from graph.team_steps import own_record, with_findings_again
from tools.errors import UserError
from tools.render.layout import formatted
from tools.secrets import redact
from tools.team.model import PipelineStep
from tools.team.steps import of_name
from tools.workspace import Workspace

Update = dict[str, Any]


def mended(state: RunState, workspace: Workspace, asked: Asking, tell: Tell) -> Update:
    """Settle the tree under trial, or have the agent work whose turn it is.

    Args:
        state: With a trial that was reviewed, or a turn.
        workspace: The generated repository.
        asked: Gives what checks are asked with, on a copy of the repository.
        tell: Takes an event for people.
    """
    began = time.monotonic()
    if state["mending"].trial is not None:
        update = _settled(state, workspace, asked, tell)
    else:
        update = _worked(state, workspace, asked, tell)
    seconds = time.monotonic() - began
    before = len(state["mending"].works)
    new = update["mending"].works[before:]
    tokens = sum(one.input_tokens + one.output_tokens for one in new)
    usd = sum(one.usd or 0.0 for one in new)
    return update | {"spent": state["spent"].add("mender", seconds, tokens, usd)}


def patches_for(state: RunState) -> tuple[Patch, ...]:
    """Return the edits that are in the tree: accepted ones and those under trial."""
    found = state["mending"].patches if "mending" in state else ()
    folder = Path(state["run_dir"]) / "patches"
    return tuple(record.load(folder, p.id, Patch) for p in found if p.status != "rejected")


def _worked(state: RunState, workspace: Workspace, asked: Asking, tell: Tell) -> Update:
    """Have an agent work, and put what it edited on trial."""
    found, folder, before = state["mending"], Path(state["run_dir"]), workspace.texts()
    name = found.turn
    spent = out_of_budget(state)
    if spent:
        return _given_up(state, found.model_copy(update={"turn": ""}), name, spent, workspace, asked, run_checks=False)
    tell(node="mender", event="start", text=_of(name))
    bench = bench_of(state, workspace, before, asked)
    try:
        done, usage = agent_works(state, name, bench, tell)
    except (OSError, UserError):
        raise
    except Exception as error:
        done, usage = Worked(problem=f"its answers could not be used ({type(error).__name__})"), Usage()
    told = told_of(state, name, done, usage)
    found = found.model_copy(update={"turn": "", "works": (*found.works, told)})
    changed = {path: text for path, text in bench.tree.items() if before.get(path) != text}
    if not changed:
        why = done.problem or f"the agent edited nothing: {done.summary}"
        tell(node="mender", event="end", text=redact(f"{_of(name)}: {why}"))
        return _given_up(state, found, name, why, workspace, asked)
    review = record.save(folder / "floors", review_of(state, before))
    trial = PatchTrial(work=name, commit=workspace.head(), review=review)
    patch = Patch(edits=done.edits, told=redact(done.summary))
    workspace.write(formatted(changed))
    line = f"{len(done.edits)} edits in {', '.join(sorted(changed)[:4])}{': ' if patch.told else ''}{patch.told[:200]}"
    head = workspace.commit(f"{name}: edits of the chat model")
    tell(node="mender", event="end", text=redact(line))
    if workspace.tree() in state["seen"]:
        trial = trial.model_copy(update={"problem": "the package is the same as one that was reviewed before"})
    entry = PatchRecord(id=record.save(folder / "patches", patch), work=name, told=redact(line))
    found = found.model_copy(update={"trial": trial, "patches": (*found.patches, entry)})
    own = _own(state, name)
    if own is not None and not trial.problem:
        with asked() as request:
            now: RunState = {**state, "mending": found}
            kept = own_record(now, own, workspace, request)
        if kept.findings:
            trial = trial.model_copy(update={"problem": "; ".join(one.message for one in kept.findings)})
            found = found.model_copy(update={"trial": trial})
    return {"mending": found, "head": head, "pending": [], "reviewed": False, "progress": True}


def _settled(state: RunState, workspace: Workspace, asked: Asking, tell: Tell) -> Update:
    """Keep the edits under trial, or go back to the tree without them."""
    found, folder = state["mending"], Path(state["run_dir"])
    trial = found.trial
    assert trial is not None
    old = record.load(folder / "floors", trial.review, Reviewed)
    new = review_of(state, workspace.texts())
    why = trial.problem or against(new, old, trial.work)
    if not why:
        tell(node="mender", event="note", text=f"{_of(trial.work)}: the edits are kept")
        values = {"trial": None, "stuck": "", "patches": with_status(found, "accepted")}
        return _kept(state, found.model_copy(update=values), trial.work, new, workspace, asked)
    why = redact(why)[:1000]
    tell(node="mender", event="note", text=f"{_of(trial.work)}: the edits are taken back: {why}")
    workspace.restore(trial.commit)
    head = workspace.commit(f"{trial.work}: the chat model's edits are taken back")
    found = found.model_copy(update={"trial": None, "patches": with_status(found, "rejected", why)})
    back: Update = taken_back(state, old) | {"head": head, "progress": False, "mending": found}
    if tried_in_vain(found, trial.work):
        now: RunState = {**state, **back}  # type: ignore[typeddict-item]
        return back | _given_up(now, found, trial.work, f"its edits were taken back: {why}", workspace, asked)
    return back


def _kept(
    state: RunState,
    found: Mending,
    name: str,
    new: Reviewed,
    workspace: Workspace,
    asked: Asking,
) -> Update:
    left = errors(state["diagnostics"])
    proven = new.equivalence is not None and new.equivalence.status == "proven"
    tree = BestTree(commit=workspace.head(), errors=len(left), proven=proven)
    update: Update = {"mending": found, "best": tree if better(tree, state["best"]) else state["best"]}
    own = _own(state, name)
    if own is not None:
        with asked() as request:
            now: RunState = {**state, "mending": found}
            kept = own_record(now, own, workspace, request)
        update["steps"] = {**state["steps"], name: kept.model_copy(update={"commit": workspace.head()})}
    floor = state["improvement"].floor
    if floor is not None and not left:
        review = record.save(Path(state["run_dir"]) / "floors", new)
        floor = floor.model_copy(update={"commit": workspace.head(), "review": review})
        update["improvement"] = state["improvement"].model_copy(update={"floor": floor})
    return update


def _given_up(
    state: RunState,
    found: Mending,
    name: str,
    why: str,
    workspace: Workspace,
    asked: Asking,
    *,
    run_checks: bool = True,
) -> Update:
    """Return the update after which a work is not tried again; a step of the team's own says so, its checks are run."""
    found = found.model_copy(update={"finished": (*found.finished, name)})
    update: Update = {"mending": found, "reviewed": True, "progress": False}
    own = _own(state, name)
    if own is None:
        return update
    now: RunState = {**state, "mending": found}
    if run_checks:
        with asked() as request:
            kept = own_record(now, own, workspace, request, redact(why))
    else:
        kept = own_record(now, own, workspace, None, redact(why))
    now = {**now, "steps": {**state["steps"], name: kept}}
    return update | {"steps": now["steps"]} | with_findings_again(now)


def _own(state: RunState, name: str) -> PipelineStep | None:
    return None if name == REPAIR else of_name(state["team"].pipeline, name)


def _of(name: str) -> str:
    return "repair" if name == REPAIR else f"step {name}"
