"""Notebooks for the tests of the analysis, written as cells of code."""

from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.notebook.read import read_notebook
from tools.trace.model import Trace


def facts_of(tmp_path, text: str) -> NotebookFacts:
    """Analyse a notebook written in percent format, without running it."""
    path = tmp_path / "experiment.py"
    path.write_text("# %%\n" + text.strip() + "\n", encoding="utf-8")
    return analyse(read_notebook(path), Trace(status="not run"))
