"""The node of the chat models: takes a tree under trial in or back, or asks the next agent's model for proposals."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.llm import Allowance, Reply, ask
from agents.proposals.admit import Admitted, admitted, with_proposals
from agents.proposals.further_test import FILE
from agents.proposals.model import Material, Proposal, short
from agents.proposals.registry import KINDS
from agents.specialists.question import ROOM, asked, instructions
from agents.specialists.registry import SPECIALISTS
from graph import record, team_steps
from graph.approval import reasons_for
from graph.budget import tokens_left, usd_left
from graph.comparing import spoiled, spoken_against
from graph.improvement import ATTEMPTS, Asked, Floor, Improvement, ProposalRecord, Reviewed, Trial
from graph.improving import Update, next_to_ask, redone, review_of, taken_back, with_status
from graph.state import RunState
from tools.checks.model import Diagnostic, Step
from tools.checks.mutation.further import problems
from tools.checks.request import CheckRequest
from tools.errors import ExitCode, UserError
from tools.render.layout import formatted
from tools.secrets import redact
from tools.team.model import LlmConfig
from tools.team.steps import AGENT_OF
from tools.workspace import Workspace

Ask = Callable[..., Reply[Any]]
Tell = Callable[..., None]


Prove = Callable[[CheckRequest, str, str, Sequence[Diagnostic]], dict[str, str]]
"""Says of each test of a file why it is not worth keeping: `tools.checks.mutation.further.problems`."""


def settled(state: RunState, workspace: Workspace, tell: Tell) -> Update:
    """Take a tree under trial in as the new floor, or go back to the last accepted one.

    Args:
        state: With a trial that was reviewed, or has a problem.
        workspace: The generated repository.
        tell: Takes an event for people.
    """
    found, folder = state["improvement"], Path(state["run_dir"])
    assert found.trial is not None
    assert found.floor is not None
    step, name = found.trial.step, AGENT_OF[found.trial.step]
    count = sum(p.status == "pending" for p in found.proposals)
    old = record.load(folder / "floors", found.floor.review, Reviewed)
    new = review_of(state, workspace.texts())
    why = found.trial.problem or spoken_against(state["diagnostics"]) or spoiled(new, old)
    if not why:
        tell(node=name, event="note", text=f"{count} proposals of the chat model are accepted")
        floor = Floor(commit=workspace.head(), review=record.save(folder / "floors", new))
        values = {"floor": floor, "trial": None, "proposals": with_status(found, "accepted")}
        return {"improvement": found.model_copy(update={**values, "finished": (*found.finished, step)})}
    workspace.restore(found.floor.commit)
    head = workspace.commit(f"{step}: the chat model's proposals are taken back")
    tell(node=name, event="note", text=f"{count} proposals of the chat model are taken back: {redact(why)}")
    values = {"trial": None, "proposals": with_status(found, "rejected", short(redact(why), 800))}
    return taken_back(state, old) | {"head": head, "improvement": found.model_copy(update=values)}


def proposed(
    state: RunState, workspace: Workspace, question: Ask, prove: Callable[[Admitted, Material], Admitted], tell: Tell
) -> Update:
    """Ask the next agent's chat model, and have the steps done again that its proposals change.

    Args:
        state: Reviewed without an error.
        workspace: The generated repository.
        question: Asks a chat model; `agents.llm.ask`.
        prove: Leaves out of the tests that fit those that are not worth keeping.
        tell: Takes an event for people.
    """
    step = next_to_ask(state)
    assert step is not None
    began, folder = time.monotonic(), Path(state["run_dir"])
    found = state["improvement"]
    if found.floor is None:
        review = record.save(folder / "floors", review_of(state, workspace.texts()))
        found = found.model_copy(update={"floor": Floor(commit=workspace.head(), review=review)})
    attempt = found.attempts.get(step, 0) + 1
    found = found.model_copy(update={"attempts": {**found.attempts, step: attempt}})
    name = AGENT_OF[step]
    tell(node=name, event="start", text="asks the chat model")
    try:
        told, admission = _answered(state, found, step, attempt, workspace, question, prove, tell)
    except (OSError, UserError):
        raise
    except Exception as error:
        told = Asked(
            step=step, attempt=attempt, model="", problem=f"its answer could not be used ({type(error).__name__})"
        )
        admission = Admitted()
    seconds = time.monotonic() - began
    update = _scheduled(state, found, told, admission, folder)
    text = told.problem or f"{len(admission.fitting)} proposals of the chat model, {len(admission.refused)} refused"
    tell(node=name, event="end", text=redact(text), seconds=seconds)
    tokens = told.input_tokens + told.output_tokens
    return update | {"spent": state["spent"].add(name, seconds, tokens, told.usd or 0.0)}


def proven(admission: Admitted, material: Material, request: CheckRequest, prove: Prove) -> Admitted:
    """Leave out tests that are not worth keeping, each with its reason; other proposals need no proof here.

    Args:
        admission: What fits.
        material: Files and surviving mutants.
        request: With the repository as it was reviewed.
        prove: Tries the tests.
    """
    tests = [p for p in admission.fitting if KINDS[p.kind].step == "test"]
    if not tests:
        return admission
    text = formatted(with_proposals(material.tree, tests, "test")[0])[FILE]
    found = prove(request, FILE, text, material.survivors)
    refused = [(p, found[name]) for p in tests if (name := p.target.partition(":")[2]) in found]
    kept = tuple(p for p in admission.fitting if p not in [p for p, _ in refused])
    return replace(admission, fitting=kept, refused=(*admission.refused, *refused))


def proposals_for(state: RunState) -> tuple[Proposal, ...]:
    """Return the proposals that are in the tree: accepted ones and those under trial."""
    folder = Path(state["run_dir"]) / "proposals"
    wanted = [p.id for p in state["improvement"].proposals if p.status in ("accepted", "pending")]
    return tuple(record.load(folder, identifier, Proposal) for identifier in wanted)


def _answered(
    state: RunState,
    found: Improvement,
    step: Step,
    attempt: int,
    workspace: Workspace,
    question: Ask,
    prove: Callable[[Admitted, Material], Admitted],
    tell: Tell,
) -> tuple[Asked, Admitted]:
    folder = Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    if facts is None or plan is None:
        raise UserError(f"the facts of this run are gone from {folder}: start it anew", ExitCode.FAILED)
    survivors = tuple(d for d in state["diagnostics"] if d.check == "mutation" and d.code == "mutant")
    material = Material(facts=facts, plan=plan, tree=workspace.texts(), survivors=survivors)
    specialist = next(s for s in SPECIALISTS if s.step == step)
    config = _within_budget(state, team_steps.llm_of(state["team"], step))
    task = team_steps.instructions(state, step) + reasons_for(state, step)
    reasons = [
        f"{p.told}: {p.reason}" for p in found.proposals if p.step == step and p.status in ("rejected", "refused")
    ]
    texts = []
    version = ""
    for room in ROOM:
        asked_for = asked(specialist, material, task=task, reasons=reasons[-20:], room=room)
        if asked_for is None:
            return Asked(step=step, attempt=attempt, model=config.model, problem="there is nothing to ask"), Admitted()
        system = instructions(material, config.share, state["team"].conventions, room)
        version = f"{system.version}+{asked_for.version}"
        texts.append((system.text, asked_for.text))
    _keep(folder, found, step, attempt, texts[0])
    tell(node=AGENT_OF[step], event="prompt", text="\n".join(texts[0]))
    reply = question(config, *texts[0], specialist.answer, _allowance(state), texts[1:])
    told = _told(step, attempt, config, version, reply)
    if reply.value is None:
        return told, Admitted()
    return told, prove(admitted(specialist.proposals(reply.value), material), material)


def _keep(folder: Path, found: Improvement, step: Step, attempt: int, texts: tuple[str, str]) -> None:
    """Write what is sent into the run's folder, so that it can be read again."""
    path = folder / "prompts" / f"{len(found.asked) + 1:02d}-{step}-{attempt}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(texts), encoding="utf-8")


def _allowance(state: RunState) -> Allowance:
    budget = state["team"].config.budget
    return Allowance(tokens_left(budget, state["spent"]) or 0, usd_left(budget, state["spent"]) or 0.0)


def _within_budget(state: RunState, config: LlmConfig) -> LlmConfig:
    """Return a model's configuration under which no call takes longer than the budget of time allows."""
    budget = state["team"].config.budget
    if not budget.max_seconds:
        return config
    left = max(1.0, budget.max_seconds - state["spent"].total_seconds())
    return config.model_copy(update={"timeout": min(config.timeout, left)})


def _told(step: Step, attempt: int, config: LlmConfig, version: str, reply: Reply[Any]) -> Asked:
    return Asked(
        step=step,
        attempt=attempt,
        model=config.model,
        prompt=version,
        calls=reply.usage.calls,
        input_tokens=reply.usage.input_tokens,
        output_tokens=reply.usage.output_tokens,
        usd=reply.usage.usd,
        estimated=reply.usage.estimated,
        problem=redact(reply.problem),
        gone=reply.gone,
    )


def _scheduled(state: RunState, found: Improvement, told: Asked, admission: Admitted, folder: Path) -> Update:
    """Return the update that has the proposals tried; where there are none, the next agent's model is asked."""
    step = told.step
    records = [_record(p, step, folder) for p in admission.fitting]
    refused = [
        _record(p, step, folder).model_copy(update={"status": "refused", "reason": short(redact(why), 300)})
        for p, why in admission.refused
    ]
    values: dict[str, Any] = {
        "asked": (*found.asked, told),
        "proposals": (*found.proposals, *records, *refused),
        "trial": Trial(step=step) if records else None,
    }
    if told.gone:
        alike = [s.step for s in SPECIALISTS if _server(state, s.step) == _server(state, step)]
        values |= {"finished": tuple(dict.fromkeys((*found.finished, *alike))), "silent": told.problem}
    elif not records and (told.problem or not refused or found.attempts[step] >= ATTEMPTS):
        values["finished"] = (*found.finished, step)
    if not told.problem:
        values["silent"] = ""
    update: Update = {"improvement": found.model_copy(update=values)}
    if not records:
        return update
    constraints = [*state["constraints"], *(c for c in admission.constraints if c not in state["constraints"])]
    return update | {
        "pending": redone(step),
        "reviewed": False,
        "progress": True,
        "diagnostics": [],
        "constraints": constraints,
    }


def _record(proposal: Proposal, step: Step, folder: Path) -> ProposalRecord:
    identifier = record.save(folder / "proposals", proposal)
    try:
        told = KINDS[proposal.kind].told(proposal)
    except ValueError:
        told = f"{proposal.kind} of `{proposal.target}`"
    return ProposalRecord(id=identifier, step=step, kind=proposal.kind, told=short(redact(told), 160))


def _server(state: RunState, step: Step) -> tuple[str, str]:
    config = team_steps.llm_of(state["team"], step)
    return config.model, config.base_url


ASK: Ask = ask
PROVE: Prove = problems
