"""Repairs are told in every report, apart from the verdict, and the report says what the proof is a proof of."""

import json

import pytest

from tools.analysis.model import NotebookFacts, StatementFacts
from tools.notebook.model import Cell, Notebook, Repair, Statement
from tools.plan.document import plan_json, plan_markdown
from tools.plan.model import Decision, ExtractionPlan
from tools.repair.tell import changes
from tools.report.pull_request import pull_request_text
from tools.report.write import read_report, write_reports
from tools.trace.model import Trace

REPAIR = Repair(
    code="numpy-builtin-aliases",
    statement="c1.s1",
    before="a = np.int(x)",
    after="a = int(x)",
    reason="`np.int` is gone: it was `int`",
    release="numpy 1.24",
    evidence="AttributeError: module 'numpy' has no attribute 'int'. (at c1.s1)",
)
SENTENCE = "The notebook as written does not run here: the baseline is the notebook after 1 named repair in 1 statement"


def facts(*repairs: Repair) -> NotebookFacts:
    code, written = ("a = int(x)", "a = np.int(x)") if repairs else ("a = int(x)", "")
    statement = Statement(id="c1.s1", cell=1, number=1, source=code, code=code, line=1, end_line=1, original=written)
    cell = Cell(index=1, id="one", position=0, source=written or code, statements=(statement,))
    notebook = Notebook(path="/home/ann/experiment.ipynb", sha256="0" * 64, cells=(cell,), repairs=repairs)
    return NotebookFacts(
        notebook=notebook,
        trace=Trace(status="ran"),
        order=("c1.s1",),
        statements={"c1.s1": StatementFacts(id="c1.s1", kind="assign")},
    )


def plan(*repairs: Repair) -> ExtractionPlan:
    decision = Decision(statement="c1.s1", kept=True, reason="used")
    return ExtractionPlan(project="ants", order=("c1.s1",), decisions=(decision,), changes=changes(repairs))


def written(*repairs: Repair) -> dict[str, str]:
    return write_reports(
        facts(*repairs),
        plan(*repairs),
        verdict="verified",
        reason="",
        results=(),
        equivalence=None,
        diagnostics=(),
        steps={},
        tree={},
    )


def test_the_verdict_is_told_with_the_repairs_before_it() -> None:
    assert (
        "**Verdict: verified after 1 named repair in 1 statement (numpy-builtin-aliases).**"
        in written(REPAIR)["REPORT.md"]
    )
    assert json.loads(written(REPAIR)["report.json"])["verdict"] == "verified"


@pytest.mark.parametrize("file", ["REPORT.md", "report.html"])
def test_the_reports_say_that_the_baseline_is_the_repaired_notebook(file: str) -> None:
    text = written(REPAIR)[file]
    assert SENTENCE in text
    for part in (REPAIR.before, REPAIR.after, REPAIR.release, "c1.s1"):
        assert part in text


def test_report_json_holds_each_repair() -> None:
    assert json.loads(written(REPAIR)["report.json"])["repairs"] == [REPAIR.model_dump()]


def test_the_pull_request_names_the_repairs_before_what_is_to_be_reviewed() -> None:
    _, body = pull_request_text(read_report(written(REPAIR)["report.json"]))
    assert SENTENCE in body
    assert body.index("`numpy-builtin-aliases` (numpy 1.24)") > body.index("**Repaired before the proof**")


def test_the_plan_lists_them_as_changes_to_review() -> None:
    assert SENTENCE in plan_markdown(facts(REPAIR), plan(REPAIR))
    assert "Repair `numpy-builtin-aliases` (numpy 1.24) in c1.s1" in plan_markdown(facts(REPAIR), plan(REPAIR))
    assert plan_json(facts(REPAIR), plan(REPAIR))["repairs"] == [REPAIR.model_dump()]


@pytest.mark.parametrize("file", ["REPORT.md", "report.html", "report.json"])
def test_without_repairs_nothing_is_said_of_any(file: str) -> None:
    text = written()[file]
    assert "named repair" not in text
    assert "baseline is" not in text
