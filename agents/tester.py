"""The tester: tests of a generated package, each backed by what a run of it showed."""

import re

from agents.model import StepInput, StepOutput
from agents.packager import JOB_TESTS, data_copies
from agents.proposals.admit import with_proposals
from agents.proposals.registry import KINDS
from tools.environment import package_environment
from tools.errors import UserError
from tools.plan.model import Constraint
from tools.render.assembly import build_tests, files_of_tests
from tools.render.evidence import Evidence
from tools.render.flow import read_flow
from tools.render.layout import formatted
from tools.render.record import record
from tools.render.recording import Recording, without_secrets
from tools.render.sources import read_sources
from tools.render.subject import read_subject
from tools.sandbox import run

_TEST = re.compile(r"(tests/\w+\.py)::(\w+)")


def write_tests(step: StepInput) -> StepOutput:
    """Write the tests of the package that the step is given.

    Args:
        step: Needs facts, a plan and the sources of the package. Diagnostics that name a generated test leave it out.

    Returns:
        The files below `tests/`, and constraints for the tests that were left out.

    Raises:
        UserError: If there is no plan.
    """
    plan, facts = step.plan, step.facts
    if plan is None or facts is None:
        raise UserError("the tester needs a plan: run the extract step first")
    sources = read_sources(step.tree)
    flow = read_flow(plan, sources)
    evidence = Evidence(
        plan=plan,
        facts=facts,
        sources=sources,
        flow=flow,
        subject=read_subject(plan, facts, flow),
        recording=Recording(),
        tree=step.tree,
    )
    if step.execute and flow.calls and not flow.broken:
        recording = record(
            step.tree,
            data_copies(step, plan),
            flow=flow,
            subject=evidence.subject,
            plan=plan,
            sources=sources,
            interpreter=package_environment(step.interpreter).interpreter,
            limits=step.limits,
            run=run,
        )
        if recording.status != "ran":
            recording = Recording(status="failed", error=recording.error)
        recording = without_secrets(recording, [value for _, value in step.limits.secrets])
        evidence = evidence.model_copy(update={"recording": recording})
    known = frozenset(c.target for c in step.constraints if c.kind == "suppress" and "::" in c.target)
    blamed = _blamed_tests(step)
    contracts = {f"{test.file}::{test.name}" for test in build_tests(evidence) if test.contract}
    new = frozenset(name for name, check in blamed.items() if check != "pytest" or name not in contracts) - known
    tests = build_tests(evidence, known | new)
    files = _with_further_tests(step, files_of_tests(evidence, tests), known | new)
    stale = [p for p in step.tree if p.startswith("tests/") and p not in files and p != JOB_TESTS]
    return StepOutput(
        files=files,
        removed=tuple(sorted(stale)),
        constraints=tuple(
            Constraint(kind="suppress", target=name, reason="the test failed or could not fail") for name in sorted(new)
        ),
        summary=_summary(evidence, len(tests), sorted(known | new), sorted(blamed.keys() - new - known)),
    )


def _with_further_tests(step: StepInput, files: dict[str, str], left_out: frozenset[str]) -> dict[str, str]:
    """Return the test files with those that a chat model proposed, save what failed."""
    proposals = [p for p in step.proposals if p.target.replace(":", "::", 1) not in left_out]
    if not any(KINDS[p.kind].step == "test" for p in proposals):
        return files
    changed, _ = with_proposals(files, proposals, "test")
    return formatted(changed)


def _blamed_tests(step: StepInput) -> dict[str, str]:
    """Return the generated tests that diagnostics name, as `tests/test_data.py::test_name`, and the check that did."""
    found = {}
    for diagnostic in step.diagnostics:
        if diagnostic.step == "test":
            for path, name in _TEST.findall(f"{diagnostic.message} {diagnostic.file}"):
                found[f"{path}::{name}"] = diagnostic.check
    return found


def _summary(evidence: Evidence, count: int, left_out: list[str], kept: list[str]) -> str:
    text = f"{count} tests"
    if evidence.flow.broken:
        text += f"; none of values: {evidence.flow.broken}"
    elif evidence.recording.status != "ran":
        text += f"; none of values: {evidence.recording.error or 'the package was not run'}"
    if left_out:
        text += f"; left out: {', '.join(left_out)}"
    if kept:
        text += f"; kept although they fail, for the package is wrong: {', '.join(kept)}"
    return text
