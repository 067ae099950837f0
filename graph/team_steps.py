"""What the team's pipeline file adds to the steps: words, a model, a condition, a time limit, checks, own steps."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.model import StepInput
from agents.reviewer import Review, judged
from graph.mending import done_by, waits, why_undone
from graph.state import RunState, StepRecord
from guardrails.change_limits import beyond_limits
from tools.checks.model import STEPS, CheckResult, Diagnostic, Step
from tools.checks.request import CheckRequest
from tools.environment import Interpreter, package_environment
from tools.sandbox import Completed, Limits, run
from tools.secrets import redact
from tools.team.model import LlmConfig, PipelineStep, TeamFiles
from tools.team.steps import AGENT_OF, built_in_before, filled, llm_for, of_name, own_steps_after
from tools.workspace import Workspace

NOT_DONE = "step-not-done"


def instructions(state: RunState, step: Step) -> str:
    """Return the team's words for a step, with every `{{name}}` filled in."""
    return _filled(state, of_name(state["team"].pipeline, step).task)


def llm_of(team: TeamFiles, step: Step) -> LlmConfig:
    """Return the chat model of a step: that of the pipeline file, else that of its agent, else the common one."""
    return llm_for(team.config.llm, AGENT_OF[step], of_name(team.pipeline, step).model)


def within_timeout(limits: Limits, team: TeamFiles, step: Step) -> Limits:
    """Return the limits of a step's runs, ended at its own timeout where that comes first."""
    timeout = of_name(team.pipeline, step).timeout
    until = time.monotonic() + timeout
    if not timeout or (limits.until and limits.until <= until):
        return limits
    return limits.model_copy(update={"until": until, "until_reason": f"timeout of step {step}"})


def skipped(state: RunState, step: Step, workspace: Workspace, interpreter: Interpreter, limits: Limits) -> str:
    """Say why a step is left out, or return an empty string where its condition holds or it has none."""
    condition = of_name(state["team"].pipeline, step).condition
    return _refused(state, condition, workspace, interpreter, limits) if condition else ""


def findings_after(state: RunState, given: StepInput, workspace: Workspace, began: float) -> tuple[Diagnostic, ...]:
    """Return what guardrails and the team's checks say of a step that has just been done.

    Args:
        state: Before the step.
        given: What it started from.
        workspace: With what it gave.
        began: Moment of the monotonic clock at which it began.
    """
    team, step = state["team"], given.step
    listed = of_name(team.pipeline, step)
    found = [
        *beyond_limits(given.tree, workspace.texts(), step, team.config.guardrails),
        *_failed_checks(state, listed, step, given.interpreter, given.limits, workspace),
    ]
    seconds = time.monotonic() - began
    if listed.timeout and seconds > listed.timeout:
        text = f"step {step} took {seconds:.0f} s, more than its timeout of {listed.timeout:g} s"
        found.append(Diagnostic(code="step-timeout", message=text, check="steps", step=step))
    return tuple(found)


def own_steps(state: RunState, given: StepInput, workspace: Workspace) -> dict[str, StepRecord]:
    """Do the team's own steps that come after a built-in one: their checks. Tasks wait until the package stands.

    Args:
        state: After the step.
        given: What the built-in step started from.
        workspace: With what it gave.
    """
    records: dict[str, StepRecord] = {}
    for own in own_steps_after(state["team"].pipeline, given.step):
        began = time.monotonic()
        now: RunState = {**state, "steps": {**state["steps"], **records}}
        old = state["steps"].get(own.name, StepRecord())
        why = _refused(now, own.condition, workspace, given.interpreter, given.limits) if own.condition else ""
        summary, findings = (f"left out: {why}", ()) if why else _own_step(now, own, given, workspace)
        records[own.name] = StepRecord(
            attempts=old.attempts + 1,
            seconds=round(old.seconds + time.monotonic() - began, 3),
            summary=summary,
            skipped=why,
            findings=findings,
        )
    return records


def own_record(
    state: RunState, own: PipelineStep, workspace: Workspace, request: CheckRequest | None, why: str = ""
) -> StepRecord:
    """Return the record of a step of the team's own whose task an agent has worked on, or will not.

    Args:
        state: After that.
        own: The step.
        workspace: With the agent's edits, or without them.
        request: What runs are made with; None where the step's checks are not run.
        why: Why the task was not done; empty where it was.
    """
    old = state["steps"].get(own.name, StepRecord())
    step = built_in_before(state["team"].pipeline, own.name)
    if request is None:
        failed: tuple[Diagnostic, ...] = ()
        checked = "its checks were not run" if own.checks else ""
    else:
        interpreter = request.notebook_interpreter or request.environment.interpreter
        failed = _failed_checks(state, own, step, interpreter, request.limits, workspace)
        checked = _checked(own, failed)
    done, warnings = _task_told(state, own, step, why)
    summary = "; ".join(filter(None, (done, checked)))
    return old.model_copy(update={"summary": summary, "findings": (*warnings, *failed)})


def task_of(state: RunState, own: PipelineStep) -> str:
    """Return the task of a step of the team's own, with every `{{name}}` filled in."""
    return _filled(state, own.task)


def with_findings_again(state: RunState) -> dict[str, Any]:
    """Return the update that puts the findings of the steps into the latest review, in place of those it had."""
    kept = tuple(check for check in state["checks"] if check.name != "steps")
    others = tuple(d for d in state["diagnostics"] if d.check != "steps")
    verdict, reason = judged(kept, state["equivalence"])
    found = Review(results=kept, equivalence=state["equivalence"], diagnostics=others, verdict=verdict, reason=reason)
    found = with_step_findings(found, state)
    return {
        "checks": list(found.results),
        "diagnostics": list(found.diagnostics),
        "review_verdict": found.verdict,
        "review_reason": found.reason,
    }


def _own_step(
    state: RunState, own: PipelineStep, given: StepInput, workspace: Workspace
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return what is said of a step of the team's own, and its findings."""
    if waits(state, own):
        return "its task is done when the package stands", ()
    failed = _failed_checks(state, own, given.step, given.interpreter, given.limits, workspace)
    checked = _checked(own, failed)
    if not own.task:
        return checked or "nothing to do", failed
    why = "" if done_by(state["mending"], own.name) else why_undone(state, own.name)
    said, warnings = _task_told(state, own, given.step, why)
    return "; ".join(filter(None, (said, checked))), (*warnings, *failed)


def _checked(own: PipelineStep, failed: tuple[Diagnostic, ...]) -> str:
    return f"{len(own.checks) - len(failed)} of {len(own.checks)} checks pass" if own.checks else ""


def _task_told(state: RunState, own: PipelineStep, step: Step, why: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return what is said of a task: what was done, or that it was not, with a warning."""
    if not why:
        return done_by(state["mending"], own.name), ()
    said = f"the task of step {own.name} was not done: {why}"
    return said, (Diagnostic(code=NOT_DONE, message=said, severity="warning", check="steps", step=step),)


def with_step_findings(found: Review, state: RunState) -> Review:
    """Return a review with the findings of the steps in it; what a step that was left out would mend is excused.

    Args:
        found: What the checks said.
        state: With the records of the steps.
    """
    records = state["steps"]
    findings = tuple(d for name in records for d in records[name].findings)
    left_out: dict[str, str] = {
        name: record.skipped for name, record in records.items() if record.skipped and name in STEPS
    }
    if not findings and not left_out:
        return found
    results = tuple(_excused(result, left_out) for result in found.results)
    broken = [d for d in findings if d.severity == "error"]
    if findings:
        summary = f"{len(broken)} findings" if broken else f"{len(findings)} warnings"
        status = "failed" if broken else "passed"
        results = (*results, CheckResult(name="steps", status=status, summary=summary, diagnostics=findings))
    diagnostics = tuple(d for result in results for d in result.diagnostics)
    verdict, reason = judged(results, found.equivalence)
    if left_out and verdict == "verified":
        verdict, reason = "unproven", "; ".join(f"step {name} was left out: {why}" for name, why in left_out.items())
    return found.model_copy(
        update={"results": results, "diagnostics": diagnostics, "verdict": verdict, "reason": reason}
    )


def _excused(result: CheckResult, left_out: dict[str, str]) -> CheckResult:
    """Return a result in which nothing blocks that a step which was left out would have to mend."""
    blocking = [d for d in result.diagnostics if d.severity == "error"]
    if not blocking or not left_out or not any(d.step in left_out for d in blocking):
        return result
    kept = tuple(d.model_copy(update={"severity": "warning"}) if d.step in left_out else d for d in result.diagnostics)
    if any(d.severity == "error" for d in kept):
        return result.model_copy(update={"diagnostics": kept})
    steps = ", ".join(sorted({d.step for d in blocking}))
    update = {"diagnostics": kept, "status": "skipped", "summary": f"step {steps} was left out; {result.summary}"}
    return result.model_copy(update=update)


def _failed_checks(
    state: RunState, listed: PipelineStep, step: Step, interpreter: Interpreter, limits: Limits, workspace: Workspace
) -> tuple[Diagnostic, ...]:
    found = []
    for text in listed.checks:
        command = _filled(state, text, shell=True)
        done = _command(command, workspace, interpreter, limits)
        if done.code:
            said = f"`{command}` of step {listed.name} {_ended(done)}: {_last_line(done)}"
            found.append(Diagnostic(code="step-check", message=said, check="steps", step=step))
    return tuple(found)


def _refused(state: RunState, condition: str, workspace: Workspace, interpreter: Interpreter, limits: Limits) -> str:
    command = _filled(state, condition, shell=True)
    done = _command(command, workspace, interpreter, limits)
    return f"its condition `{command}` {_ended(done)}" if done.code else ""


def _filled(state: RunState, text: str, *, shell: bool = False) -> str:
    pipeline = state["team"].pipeline
    outputs = {
        step.output_var: state["steps"].get(step.name, StepRecord()).summary
        for step in pipeline.steps
        if step.output_var
    }
    return filled(text, pipeline.variables, outputs, shell=shell)


def _command(text: str, workspace: Workspace, interpreter: Interpreter, limits: Limits) -> Completed:
    """Run a command of the team's in a scratch copy of the repository, where the package's own programs come first."""
    package = package_environment(interpreter).interpreter
    programs = f"{Path(package.path).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    with _copy(workspace) as tree:
        return run(["sh", "-c", text], cwd=tree, limits=limits, readable=package.folders(), env={"PATH": programs})


@contextmanager
def _copy(workspace: Workspace) -> Iterator[Path]:
    scratch = Path(tempfile.mkdtemp(prefix="step-"))
    try:
        tree = scratch / "tree"
        tree.mkdir()
        workspace.copy_to(tree)
        yield tree
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _ended(done: Completed) -> str:
    if done.timed_out or done.stopped:
        return f"was ended after {done.seconds:.0f} s"
    return "is no command here" if done.code == 127 else f"ended with {done.code}"


def _last_line(done: Completed) -> str:
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    return redact(lines[-1][:300]) if lines else "it said nothing"
