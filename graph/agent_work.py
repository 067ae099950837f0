"""One agent at work in a run: what it is told, what it works on, what it cost."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from agents.diagnosis import diagnosed
from agents.llm import Allowance, Usage
from agents.prompting import prompt
from agents.proposals.model import Material
from agents.reviewer import CHECKS
from agents.specialists.question import instructions
from agents.tool_calling import Worked, work
from agents.toolbox.model import Bench
from agents.toolbox.sharing import readable_paths, shown
from graph import record
from graph.budget import deadline, tokens_left, usd_left
from graph.mended import REPAIR, AgentWork
from graph.mending import model_for, reasons_of
from graph.routing import errors
from graph.state import RunState
from graph.team_steps import task_of
from tools.checks.model import Diagnostic
from tools.checks.request import CheckRequest
from tools.errors import ExitCode, UserError
from tools.render.layout import formatted
from tools.secrets import redact
from tools.team.steps import of_name
from tools.workspace import Workspace

Asking = Callable[[], AbstractContextManager[CheckRequest]]
"""Gives what checks are asked with, on a copy of the repository that is gone afterwards."""
Tell = Callable[..., None]
MOST_FINDINGS = 20
MOST_FILES = 80


def agent_works(state: RunState, name: str, bench: Bench, tell: Tell) -> tuple[Worked, Usage]:
    """Ask for a diagnosis where something is to be mended, and let the agent work."""
    config = model_for(state["team"], name)
    assert bench.facts is not None
    assert bench.plan is not None
    material = Material(facts=bench.facts, plan=bench.plan, tree=dict(bench.before))
    system = instructions(material, config.share, state["team"].conventions)
    reasons, usage = reasons_of(state["mending"], name), Usage()
    files = readable_paths(bench)[:MOST_FILES]
    if name == REPAIR:
        findings = [shown(d, bench.tree, config.share) for d in errors(state["diagnostics"])[:MOST_FINDINGS]]
        reply = diagnosed(config, system.text, findings, reasons, _allowance(state, usage))
        usage += reply.usage
        if reply.gone:
            return Worked(problem=reply.problem), usage
        diagnosis = reply.value.told() if reply.value is not None else ""
        if diagnosis:
            tell(node="reviewer", event="note", text=redact(f"diagnosis: {diagnosis}"))
        task = prompt("mender", findings=findings, diagnosis=diagnosis, reasons=reasons, files=files)
    else:
        own = of_name(state["team"].pipeline, name)
        task = prompt("build", task=task_of(state, own), reasons=reasons, files=files)
    tell(node="mender", event="prompt", text=f"{system.text}\n{task.text}")
    done = work(
        config,
        system.text,
        task.text,
        bench,
        allowance=_allowance(state, usage),
        until=_until(state, name),
        prompt=f"{system.version}+{task.version}",
    )
    return done, usage + done.usage


def bench_of(
    state: RunState,
    workspace: Workspace,
    before: Mapping[str, str],
    asked: Asking,
) -> Bench:
    """Return what the tools of an agent work on.

    Args:
        state: With facts and plan in its folder.
        workspace: The generated repository; its guards hold while the agent works.
        before: Its text files.
        asked: Gives what checks are asked with.

    Raises:
        UserError: If the facts of the run are gone.
    """
    facts, plan = record.facts_and_plan(Path(state["run_dir"]), state["plan_id"])
    if facts is None or plan is None:
        raise UserError(f"the facts of this run are gone from {state['run_dir']}: start it anew", ExitCode.FAILED)

    def check(tree: Mapping[str, str], name: str) -> tuple[Diagnostic, ...] | str:
        with asked() as request:
            edited = {path: text for path, text in tree.items() if before.get(path) != text}
            Workspace(request.tree).write(formatted(edited))
            if name in request.config.skip:
                return "left out by the configuration"
            try:
                result = CHECKS[name](request).result
            except UserError as error:
                return str(error)
        return result.summary if result.status == "skipped" else result.diagnostics

    return Bench(
        tree=dict(before),
        before=before,
        allowed=workspace.allow,
        check=check,
        rules=state["team"].config.guardrails,
        share=state["team"].config.llm.share,
        facts=facts,
        plan=plan,
    )


def told_of(state: RunState, name: str, done: Worked, usage: Usage) -> AgentWork:
    """Return the record of an agent's work.

    Args:
        state: Of the run.
        name: Of the work.
        done: By the agent.
        usage: Of the agent and its diagnosis.
    """
    return AgentWork(
        work=name,
        model=model_for(state["team"], name).model,
        steps=done.steps,
        calls=usage.calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        usd=usage.usd,
        estimated=usage.estimated,
        problem=redact(done.problem),
    )


def _allowance(state: RunState, used: Usage) -> Allowance:
    """Return what is left of the budget; a limit that is reached leaves the least there is, since 0 is no limit."""
    budget, spent = state["team"].config.budget, state["spent"]
    tokens, usd = tokens_left(budget, spent), usd_left(budget, spent)
    return Allowance(
        0 if tokens is None else max(1, tokens - used.input_tokens - used.output_tokens),
        0.0 if usd is None else max(1e-9, usd - (used.usd or 0.0)),
    )


def _until(state: RunState, name: str) -> float:
    """Return the moment of the monotonic clock at which an agent is ended; 0 for none."""
    ends = [deadline(state["team"].config.budget, state["spent"])]
    timeout = of_name(state["team"].pipeline, name).timeout
    ends += [time.monotonic() + timeout] if timeout else []
    return min((end for end in ends if end), default=0.0)
