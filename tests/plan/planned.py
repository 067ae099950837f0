"""Plans for the tests, from notebooks written as cells of code; nothing is run."""

from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.plan.model import Constraint, ExtractionPlan, FunctionPlan
from tools.trace.model import Trace


def facts_of(tmp_path, text: str) -> NotebookFacts:
    """Analyse a notebook in percent format."""
    path = tmp_path / "experiment.py"
    path.write_text("# %%\n" + text.strip() + "\n", encoding="utf-8")
    return analyse(read_notebook(path), Trace(status="not run"))


def plan_of(tmp_path, text: str, *constraints: Constraint) -> ExtractionPlan:
    """Plan a notebook in percent format."""
    return plan_extraction(facts_of(tmp_path, text), constraints)


def named(plan: ExtractionPlan, name: str) -> FunctionPlan:
    """Return a function of the plan."""
    return next(f for f in plan.functions if f.name == name)
