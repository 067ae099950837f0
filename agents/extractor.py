"""The extractor: reads, runs and analyses the notebook, and plans which statements become which functions."""

from agents.model import StepInput, StepOutput
from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.notebook.read import read_notebook
from tools.plan.document import plan_markdown
from tools.plan.extraction import plan_extraction
from tools.plan.widen import widen
from tools.repair.advise import advise
from tools.repair.loop import repair_without_run, trace_repaired, versions_of
from tools.repair.tell import told
from tools.trace.model import Trace


def extract(step: StepInput) -> StepOutput:
    """Do the step `extract`.

    Args:
        step: Its diagnostics, where it was sent back, widen the plan.

    Raises:
        UserError: If the notebook cannot be read, or there is nothing in it to extract.
    """
    facts = step.facts or find_facts(step)
    added = widen(facts, step.plan, step.diagnostics, step.constraints, step.attempt) if step.plan else ()
    plan = plan_extraction(facts, (*step.constraints, *added))
    functions = sum(1 for f in plan.functions if f.kind == "stage")
    dropped = sum(1 for d in plan.decisions if not d.kept)
    cells = len(facts.notebook.cells)
    summary = f"{cells} cells, {functions} functions, {len(plan.settings)} settings, {dropped} statements dropped"
    if facts.notebook.repairs:
        summary += f"; {told(facts.notebook.repairs)}"
    if added:
        summary += f"; {len(added)} constraints added"
    return StepOutput(
        files={"EXTRACTION_PLAN.md": plan_markdown(facts, plan)},
        facts=facts,
        plan=plan,
        constraints=added,
        summary=summary,
    )


def find_facts(step: StepInput) -> NotebookFacts:
    """Read, run (where asked for), repair where the libraries have moved on, and analyse the notebook."""
    notebook = read_notebook(step.notebook)
    if step.execute:
        notebook, trace = trace_repaired(notebook, interpreter=step.interpreter, limits=step.limits)
    else:
        notebook = repair_without_run(notebook, step.interpreter)
        trace = Trace(status="not run", python=step.interpreter.version)
    facts = analyse(notebook, trace)
    advice = advise(notebook, trace, versions_of(step.interpreter))
    return facts.model_copy(update={"warnings": (*facts.warnings, *advice)})
