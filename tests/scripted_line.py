"""A line whose agents write one file each and whose reviewer reads them: whole runs that cost nothing."""

from collections.abc import Callable
from pathlib import Path

from agents.model import Agent, StepInput, StepOutput
from agents.reviewer import Review
from graph.state import RunInput
from tools.analysis.model import NotebookFacts
from tools.checks.model import STEPS, CheckResult, Diagnostic, EquivalenceResult, Step
from tools.checks.request import CheckRequest
from tools.notebook.read import read_notebook
from tools.plan.model import ExtractionPlan
from tools.trace.model import Trace

Fault = Callable[[StepInput], bool]


def agents(faults: dict[Step, Fault], calls: list[str]) -> dict[Step, Agent]:
    """Each writes one file that says whether it is right."""

    def agent(step: Step) -> Agent:
        def work(given: StepInput) -> StepOutput:
            calls.append(step)
            wrong = step in faults and faults[step](given)
            files = {f"{step}.txt": f"{'wrong' if wrong else 'right'} {given.attempt if wrong else ''}\n"}
            if step != "extract":
                return StepOutput(files=files)
            read = read_notebook(given.notebook)
            facts = NotebookFacts(notebook=read, trace=Trace(status="not run"), order=(), statements={})
            return StepOutput(files=files, facts=facts, plan=ExtractionPlan(project="p"))

        return work

    return {step: agent(step) for step in STEPS}


def judge(request: CheckRequest) -> Review:
    """Find the files that say that they are wrong."""
    wrong = [step for step in STEPS if "wrong" in (request.tree / f"{step}.txt").read_text()]
    found = tuple(Diagnostic(code="W", message=f"{step} is wrong", step=step, check="judge") for step in wrong)
    result = CheckResult(name="judge", status="failed" if wrong else "passed", diagnostics=found)
    proven = EquivalenceResult(status="proven", compared=1, equal=1)
    return Review(results=(result,), equivalence=proven, diagnostics=found, verdict="failed" if wrong else "verified")


def run_input(folder: Path, overrides: dict[str, str] | None = None) -> RunInput:
    """Write a notebook below a folder, and return what runs it into `out` there."""
    notebook = folder / "work" / "nb.py"
    notebook.parent.mkdir(parents=True, exist_ok=True)
    notebook.write_text("# %%\nx = 1\n")
    return RunInput(notebook=str(notebook), out=str(folder / "out"), overrides=overrides or {})
