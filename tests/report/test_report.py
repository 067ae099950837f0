import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.analysis.model import NotebookFacts, StatementFacts
from tools.checks.model import CheckResult, ComparedValue, Diagnostic, EquivalenceResult
from tools.notebook.model import Cell, Notebook, Statement
from tools.plan.model import Change, Decision, ExtractionPlan, FunctionPlan, Returned, Setting
from tools.report.model import ConventionRow
from tools.report.provenance import setting_line
from tools.report.pull_request import pull_request_text
from tools.report.syntax import coloured
from tools.report.write import read_report, rendered, write_reports
from tools.trace.model import Trace

LOADER = '''"""Data."""

import pandas as pd


def load_data(path: str) -> pd.DataFrame:
    """Read the data."""
    if not path:
        raise FileNotFoundError(path)
    df = pd.read_csv(path)
    df = df.drop(columns=["id"])  # <script>alert(1)</script>
    return df
'''
TREE = {"src/data/loader.py": LOADER, "configs/default.yaml": "seed: 1\ndata:\n  path: a.csv # c1\n  size: 3\n"}


def statement(identifier: str, code: str, line: int) -> Statement:
    cell, number = (int(part[1:]) for part in identifier.split("."))
    end = line + code.count("\n")
    return Statement(id=identifier, cell=cell, number=number, source=code, code=code, line=line, end_line=end)


CELLS = (
    ("import pandas as pd\ndf = pd.read_csv('a.csv')", ["import pandas as pd", "df = pd.read_csv('a.csv')"]),
    ("df.drop('id', axis=1, inplace=True)\ndf.head()", ["df.drop('id', axis=1, inplace=True)", "df.head()"]),
)


@pytest.fixture
def facts() -> NotebookFacts:
    cells = tuple(
        Cell(
            index=n,
            id=f"cell-{n}",
            position=n,
            source=source,
            headings=("Load | clean",),
            statements=tuple(statement(f"c{n}.s{k}", code, k) for k, code in enumerate(codes, start=1)),
        )
        for n, (source, codes) in enumerate(CELLS, start=1)
    )
    notebook = Notebook(path="/home/ann/secret/experiment.ipynb", sha256="0" * 64, title="Ants & bees", cells=cells)
    statements = {s.id: StatementFacts(id=s.id, kind="expression") for s in notebook.statements()}
    statements["c1.s1"] = StatementFacts(id="c1.s1", kind="import", defines=("pd",), roles=("import",))
    return NotebookFacts(
        notebook=notebook,
        trace=Trace(status="ran", order_reason="the notebook runs in document order", python="3.11.7"),
        order=tuple(statements),
        statements=statements,
    )


PLAN = ExtractionPlan(
    project="ants",
    order=("c1.s1", "c1.s2", "c2.s1"),
    decisions=(
        Decision(statement="c1.s1", kept=True, reason="used"),
        Decision(statement="c1.s2", kept=True, reason="read by c2.s1"),
        Decision(statement="c2.s1", kept=True, reason="the model is fitted on it"),
        Decision(statement="c2.s2", kept=False, reason="display: it changes nothing"),
    ),
    functions=(
        FunctionPlan(
            name="load_data",
            module="src/data/loader.py",
            stage="data",
            kind="stage",
            statements=("c1.s2", "c2.s1"),
            returns=(Returned(name="df", variable="df", statement="c2.s1", annotation="pd.DataFrame", capture="k"),),
        ),
    ),
    settings=(Setting(key="data.path", value="'a.csv'", annotation="str", places=(("c1.s2", (1, 17, 1, 24)),)),),
    changes=(Change(kind="guard", message="A missing file is an error", statement="c1.s2"),),
)
EQUIVALENCE = EquivalenceResult(
    status="proven",
    compared=4,
    equal=4,
    seeds=(1, 2),
    values=(
        ComparedValue(
            key="k",
            function="load_data",
            statement="c2.s1",
            variable="df",
            type="pandas.DataFrame",
            shape="(3, 2)",
            digest="abc",
            equal=True,
        ),
    ),
    metrics_notebook={"accuracy": 0.9, "f1": 0.5},
    metrics_package={"accuracy": 0.9, "f1": 0.25},
)


@pytest.fixture
def files(facts: NotebookFacts) -> dict[str, str]:
    return write_reports(
        facts,
        PLAN,
        verdict="verified",
        reason="",
        results=(CheckResult(name="ruff", status="passed", seconds=1.23, summary="clean, 2 files"),),
        equivalence=EQUIVALENCE,
        diagnostics=(Diagnostic(code="mutant", message="no test notices", severity="warning", check="mutation"),),
        steps={"extract": (2, "1 function")},
        tree=TREE,
    )


def test_three_files_are_written_and_the_same_run_gives_the_same_bytes(
    facts: NotebookFacts, files: dict[str, str]
) -> None:
    assert list(files) == ["report.json", "REPORT.md", "report.html"]
    assert rendered(read_report(files["report.json"]), TREE) == files


def test_neither_times_nor_paths_of_the_machine_are_told(files: dict[str, str]) -> None:
    for text in files.values():
        assert "/home/ann" not in text
        assert "1.23" not in text


def test_statements_point_at_the_lines_they_became(files: dict[str, str]) -> None:
    report = json.loads(files["report.json"])
    places = {
        s["id"]: [f"{p['file']}:{p['line']}" for p in s["places"]] for c in report["cells"] for s in c["statements"]
    }

    assert places == {
        "c1.s1": ["src/data/loader.py:3"],
        "c1.s2": ["src/data/loader.py:10"],
        "c2.s1": ["src/data/loader.py:11"],
        "c2.s2": [],
    }


def test_markdown_tells_verdict_evidence_and_what_was_dropped(files: dict[str, str]) -> None:
    text = files["REPORT.md"]

    assert "**Verdict: verified.**" in text
    assert "4 of 4 compared, tolerance 0, under 2 injected seeds." in text
    assert "| `load_data` | c2.s1 | `df` | (3, 2) | abc | equal |" in text
    assert "| accuracy | 0.9 | equal |" in text
    assert "| f1 | 0.5 | 0.25 |" in text
    assert "| c2.s2 | display: it changes nothing |" in text
    assert "| `data.path` 'a.csv' | c1.s2 | 3 |" in text
    assert "1. A missing file is an error. (c1.s2)" in text


def test_html_needs_nothing_else_and_escapes_foreign_text(files: dict[str, str]) -> None:
    page = files["report.html"]

    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "<script>alert(1)" not in page
    assert "Ants &amp; bees" in page


def test_a_run_without_proof_does_not_look_like_one(facts: NotebookFacts) -> None:
    found = write_reports(
        facts,
        PLAN,
        verdict="failed",
        reason="pytest: 1 failed",
        results=(CheckResult(name="pytest", status="failed", summary="1 failed"),),
        equivalence=None,
        diagnostics=(Diagnostic(code="pytest", message="test_a fails", file="tests/test_data.py", line=3),),
        steps={},
        tree={},
    )

    assert "**Verdict: failed.** Some check still fails. pytest: 1 failed." in found["REPORT.md"]
    assert "- tests/test_data.py:3: pytest: test_a fails" in found["REPORT.md"]
    assert "equals the notebook" not in found["REPORT.md"]
    assert 'class="verdict failed"' in found["report.html"]


def test_pull_request_says_what_to_look_at(files: dict[str, str]) -> None:
    title, body = pull_request_text(read_report(files["report.json"]))

    assert title == "Productionize experiment.ipynb: Ants & bees"
    assert "- [x] ruff: clean, 2 files" in body
    assert "- A missing file is an error" in body
    assert "| function | values compared | equal |\n|---|---|---|\n| `load_data` | `df` | 1 of 1 |" in body
    assert "3 of the notebook's 4 statements are kept" in body


@pytest.mark.parametrize(("key", "line"), [("seed", 1), ("data.path", 3), ("data.size", 4), ("path", 0), ("model", 0)])
def test_settings_are_found_by_their_dotted_key(key: str, line: int) -> None:
    assert setting_line(TREE["configs/default.yaml"], key) == line


@pytest.mark.parametrize("source", ["x = 'a' # <b>", "def f(:\n  'open", "%magic\nx=1", "", 's = """a\nb"""\n'])
def test_colouring_changes_no_text(source: str) -> None:
    from html import unescape

    plain = [unescape(re.sub(r"</?span[^>]*>", "", line)) for line in coloured(source)]

    assert plain == source.splitlines()


def test_a_line_is_linked_with_its_statement_in_a_browser(files: dict[str, str], tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium here")
    page = tmp_path / "report.html"
    page.write_text(files["report.html"])
    argv = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]

    done = subprocess.run(
        [*argv, "--virtual-time-budget=2000", "--dump-dom", f"{page.as_uri()}#c2.s1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    marked = re.findall(r'<span class="line [a-z ]*\bon"[^>]*data-s="([^"]*)"', done.stdout)
    assert marked == ["c2.s1", "c2.s1"]


def test_the_teams_conventions_are_told_line_by_line(facts: NotebookFacts) -> None:
    rows = (
        ConventionRow(line=3, section="required", text="Type <hints>", rules=("G007 type-hints",), broken=2),
        ConventionRow(line=4, section="other", text="Be kind"),
    )

    files = write_reports(
        facts,
        PLAN,
        verdict="failed",
        reason="",
        results=(),
        equivalence=None,
        diagnostics=(),
        steps={},
        tree=TREE,
        conventions=rows,
    )

    assert "| 4 | Be kind | no rule checks this |" in files["REPORT.md"]
    assert "G007 type-hints | 2 places break it" in files["REPORT.md"]
    assert "Type &lt;hints&gt;" in files["report.html"]
    assert "no rule checks this" in files["report.html"]
    assert read_report(files["report.json"]).conventions == rows
