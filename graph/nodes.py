"""The nodes: thin adapters between the state and the agents."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.model import Agent, StepInput, StepOutput
from agents.patches import with_patches
from agents.proposals.admit import Admitted
from agents.proposals.model import Material
from agents.registry import AGENTS
from agents.reviewer import Review, review
from graph import record, routing, team_steps
from graph.approval import asks_after, reasons_for, unapplied
from graph.budget import tokens_left, usd_left
from graph.guarding import limits_of, unharmed, weak_sandbox, with_code_rules, without_sensitive, workspace_of
from graph.improving import given_up
from graph.mender import mended, patches_for
from graph.proposing import ASK, PROVE, Ask, Prove, proposals_for, proposed, proven, settled
from graph.reporting import report_files
from graph.routing import REDONE_WITH
from graph.state import BestTree, RunState, StepRecord
from graph.team_steps import with_step_findings
from graph.telling import tell
from tools.analysis.model import NotebookFacts
from tools.checks.model import STEPS, Diagnostic, Step
from tools.checks.request import CheckRequest
from tools.environment import Interpreter, find_interpreter, package_environment
from tools.errors import ExitCode, UserError
from tools.notebook.read import read_notebook
from tools.plan.edits import PlanEdits
from tools.plan.model import Constraint
from tools.repair.tell import baseline
from tools.team.steps import AGENT_OF, of_name
from tools.workspace import Workspace

Update = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """What does the work of the nodes. Tests put faults in here.

    Attributes:
        agents: The agent of each step.
        review: The reviewer.
        ask: Asks a chat model.
        prove: Says which proposed tests are not worth keeping.
    """

    agents: Mapping[Step, Agent] = field(default_factory=lambda: AGENTS)
    review: Callable[[CheckRequest], Review] = review
    ask: Ask = ASK
    prove: Prove = PROVE


LINE = Line()


def agent_node(step: Step, line: Line) -> Callable[[RunState], Update]:
    """Return the node of one step's agent. What goes wrong with proposals on trial has them taken back, no more."""

    def tried(state: RunState) -> Update:
        if state["improvement"].trial is None:
            return work(state)
        try:
            return work(state)
        except OSError:
            raise
        except Exception as error:
            unharmed(state, None)
            tell(node=AGENT_OF[step], event="end", text=f"not done with the proposals: {error}")
            return given_up(state, f"step {step} could not be done with them: {type(error).__name__}: {error}")

    def work(state: RunState) -> Update:
        began = time.monotonic()
        name = AGENT_OF[step]
        old = state["steps"].get(step, StepRecord())
        tell(node=name, event="start", text=f"attempt {old.attempts + 1}" if old.attempts else "")
        if step == "extract" and not old.attempts and (weaker := weak_sandbox()):
            tell(node=name, event="note", text=weaker)
        workspace, folder = _as_left(state), Path(state["run_dir"])
        asked = unapplied(state) if step == "extract" else ()
        given = _step_input({**state, "constraints": [*state["constraints"], *asked]}, step, old, workspace, folder)
        skipped = team_steps.skipped(state, step, workspace, given.interpreter, given.limits)
        if skipped:
            return _left_out(state, step, old, skipped, time.monotonic() - began)
        output = _patched(state, line.agents[step](given), step)
        unharmed(state, output.facts)
        copies, refused = without_sensitive(output.copies, Path(state["notebook"]), state["team"])
        for sentence in refused if not old.attempts else ():
            tell(node=name, event="note", text=sentence)
        plan_id = _apply(workspace, folder, output.model_copy(update={"copies": copies})) or state["plan_id"]
        summary = output.summary or "done"
        commit = workspace.commit(f"{step}: {summary}" + (f" (attempt {old.attempts + 1})" if old.attempts else ""))
        added = [c for c in (*asked, *output.constraints) if c not in state["constraints"]]
        findings = team_steps.findings_after(state, given, workspace, began)
        now = {**state["steps"], step: _after(old, 0.0, commit, summary)}
        own = team_steps.own_steps({**state, "steps": now}, given, workspace)
        seconds = time.monotonic() - began
        tell(node=name, event="end", text=summary, seconds=seconds)
        if of_name(state["team"].pipeline, step).checkpoint:
            text = f"checkpoint {commit[:10]}: `ml-productionize rollback {step}` comes back to it"
            tell(node=name, event="note", text=text)
        for warning in output.facts.warnings if output.facts and not old.attempts else ():
            if warning.code == "not-run" and state["execute"]:
                tell(node=name, event="note", text=f"{warning.message}; the run goes on, and can prove less")
        repairs = list(output.facts.notebook.repairs) if output.facts else state.get("repairs", [])
        if repairs and not old.attempts and output.facts:
            tell(node=name, event="note", text=baseline(repairs))
        return {
            "pending": _still_to_do(state, step, bool(asked)),
            "awaiting": asks_after(state, step, bool(asked)),
            "edits": PlanEdits() if step == "extract" else state.get("edits", PlanEdits()),
            "reviewed": False,
            "plan_id": plan_id,
            "head": workspace.head(),
            "progress": state["progress"] or bool(added),
            "constraints": [*(_still_valid(state["constraints"]) if output.plan else state["constraints"]), *added],
            "repairs": repairs,
            "steps": {**state["steps"], step: _after(old, seconds, commit, summary, findings), **own},
            "spent": state["spent"].add(name, seconds, output.tokens, output.usd),
        }

    return tried


def proposer_node(line: Line) -> Callable[[RunState], Update]:
    """Return the node that asks chat models, and keeps or takes back what was tried for them."""

    def propose(state: RunState) -> Update:
        workspace = _as_left(state)
        if state["improvement"].trial is not None:
            return settled(state, workspace, tell)

        def prove(admission: Admitted, material: Material) -> Admitted:
            with _request(state, workspace, Path(state["run_dir"]), material.facts) as request:
                return proven(admission, material, request, line.prove)

        return proposed(state, workspace, line.ask, prove, tell)

    return propose


def mender_node(line: Line) -> Callable[[RunState], Update]:
    """Return the node in which an agent edits with tools, and what it edited is kept or taken back."""

    def mend(state: RunState) -> Update:
        workspace, folder = _as_left(state), Path(state["run_dir"])
        facts = record.load_facts(folder)
        if facts is None:
            raise UserError(f"the facts of this run are gone from {folder}: start it anew", ExitCode.FAILED)
        update = mended(state, workspace, lambda: _request(state, workspace, folder, facts), tell)
        unharmed(state, facts)
        return update

    return mend


def reviewer_node(line: Line) -> Callable[[RunState], Update]:
    """Return the node that runs the checks and proofs on a copy of the tree."""

    def check(state: RunState) -> Update:
        began = time.monotonic()
        tell(node="reviewer", event="start", text=f"round {state['rounds'] + 1}")
        folder = Path(state["run_dir"])
        workspace = _as_left(state)
        if state["improvement"].trial is not None and workspace.tree() in state["seen"]:
            return given_up(state, "the package is the same as one that was reviewed before")
        facts, plan = record.facts_and_plan(folder, state["plan_id"])
        if facts is None or plan is None:
            raise UserError(f"the facts of this run are gone from {folder}: start it anew", ExitCode.FAILED)
        with _request(state, workspace, folder, facts) as request:
            found = line.review(request)
        found = with_step_findings(with_code_rules(found, state["team"], workspace.texts()), state)
        unharmed(state, facts)
        errors = routing.errors(found.diagnostics)
        proven = found.equivalence is not None and found.equivalence.status == "proven"
        tree = BestTree(commit=workspace.head(), errors=len(errors), proven=proven)
        seconds = time.monotonic() - began
        content = workspace.tree()
        passed = sum(1 for result in found.results if result.status == "passed")
        text = f"round {state['rounds'] + 1}: {passed} of {len(found.results)} checks pass, {len(errors)} errors"
        tell(node="reviewer", event="end", text=text, seconds=seconds)
        return {
            "reviewed": True,
            "progress": state["progress"] or content not in state["seen"],
            "seen": [*state["seen"], content],
            "rounds": state["rounds"] + 1,
            "checks": list(found.results),
            "equivalence": found.equivalence,
            "diagnostics": list(found.diagnostics),
            "review_verdict": found.verdict,
            "review_reason": found.reason,
            "best": tree if state["mending"].trial is None and routing.better(tree, state["best"]) else state["best"],
            "spent": state["spent"].add("reviewer", seconds),
        }

    return check


def reporter(state: RunState) -> Update:
    """Bring the best tree back where the run failed, and write the reports into it."""
    began = time.monotonic()
    workspace, folder = _as_left(state), Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    if state["verdict"] == "failed" and state["best"]:
        workspace.restore(state["best"].commit)
    if facts is not None and plan is not None:
        workspace.write(report_files(state, facts, plan, workspace))
    head = workspace.commit(f"report: {state['verdict']}")
    seconds = time.monotonic() - began
    tell(node="reporter", event="end", text=str(state["verdict"]), seconds=seconds)
    return {"head": head, "spent": state["spent"].add("reporter", seconds)}


def _as_left(state: RunState) -> Workspace:
    """Return the generated repository as the last finished node left it; what was cut off after that goes aside."""
    workspace = workspace_of(state)
    aside = workspace.reset(state["head"])
    if aside:
        tell(node="supervisor", event="note", text=f"what no finished step wrote is set aside: git show {aside}")
    return workspace


def _still_to_do(state: RunState, step: Step, asked: bool) -> list[Step]:
    """Return the steps that are left after one; what a person asked of it has those redone that hang on it."""
    left = {*state["pending"], *(REDONE_WITH[step] if asked else ())} - {step}
    return [other for other in STEPS if other in left]


def _still_valid(constraints: list[Constraint]) -> list[Constraint]:
    """Return the constraints that hold under a new plan: lines to silence are those of the modules as they were."""
    return [c for c in constraints if not (c.kind == "suppress" and c.target.startswith("src/"))]


def _step_input(state: RunState, step: Step, old: StepRecord, workspace: Workspace, folder: Path) -> StepInput:
    facts = record.load_facts(folder)
    return StepInput(
        step=step,
        notebook=Path(state["notebook"]),
        facts=facts,
        plan=record.load_plan(folder, state["plan_id"]) if state["plan_id"] else None,
        tree=workspace.texts(),
        diagnostics=tuple(d for d in state["diagnostics"] if d.step == step and old.attempts),
        constraints=tuple(state["constraints"]),
        attempt=old.attempts + 1,
        instructions=team_steps.instructions(state, step) + reasons_for(state, step),
        interpreter=_interpreter(state, facts),
        limits=team_steps.within_timeout(limits_of(state, facts), state["team"], step),
        execute=state["execute"],
        llm=team_steps.llm_of(state["team"], step),
        tokens_left=tokens_left(state["team"].config.budget, state["spent"]),
        usd_left=usd_left(state["team"].config.budget, state["spent"]),
        proposals=proposals_for(state),
    )


def _interpreter(state: RunState, facts: NotebookFacts | None) -> Interpreter:
    notebook = facts.notebook if facts else read_notebook(Path(state["notebook"]))
    return find_interpreter(state["python"] or None, notebook)


def _patched(state: RunState, output: StepOutput, step: Step) -> StepOutput:
    """Return what a step gives with the edits of agents in it."""
    patches = patches_for(state)
    if not patches:
        return output
    files, lost = with_patches(output.files, patches, step)
    if lost:
        tell(node="mender", event="note", text=f"{lost} edits no longer fit what step {step} writes")
    return output.model_copy(update={"files": files})


def _apply(workspace: Workspace, folder: Path, output: StepOutput) -> str:
    """Write what a step gave, and return the id of its plan, if it made one."""
    workspace.remove(output.removed)
    workspace.write(output.files)
    workspace.copy_in(output.copies)
    if output.facts is not None:
        record.save_facts(folder, output.facts)
    return record.save_plan(folder, output.plan) if output.plan is not None else ""


def _left_out(state: RunState, step: Step, old: StepRecord, why: str, seconds: float) -> Update:
    name = AGENT_OF[step]
    tell(node=name, event="end", text=f"left out: {why}", seconds=seconds)
    left_out = _after(old, seconds, "", f"left out: {why}").model_copy(update={"skipped": why})
    return {
        "pending": state["pending"][1:],
        "reviewed": False,
        "steps": {**state["steps"], step: left_out},
        "spent": state["spent"].add(name, seconds),
    }


def _after(
    old: StepRecord, seconds: float, commit: str, summary: str, findings: tuple[Diagnostic, ...] = ()
) -> StepRecord:
    return StepRecord(
        attempts=old.attempts + 1,
        seconds=round(old.seconds + seconds, 3),
        commit=commit,
        summary=summary,
        sent_back=old.sent_back,
        findings=findings,
    )


@contextmanager
def _request(state: RunState, workspace: Workspace, folder: Path, facts: NotebookFacts) -> Iterator[CheckRequest]:
    """Give what checks are asked with: a copy of the generated repository that is gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="review-"))
    interpreter = _interpreter(state, facts)
    team = state["team"]
    left = team.config.budget.max_seconds - state["spent"].total_seconds()
    try:
        tree = scratch / "tree"
        workspace.copy_to(tree)
        yield CheckRequest(
            tree=tree,
            facts=facts,
            plan=record.load_plan(folder, state["plan_id"]),
            environment=package_environment(interpreter),
            notebook_interpreter=interpreter,
            limits=limits_of(state, facts),
            cache=folder / "captures",
            conventions=team.conventions,
            config=team.config.checks,
            seconds=max(0.0, min(300.0, left)) if team.config.budget.max_seconds else 300.0,
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
