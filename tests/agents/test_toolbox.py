"""The tools of an agent: what they answer, and that their answers are bounded."""

from pathlib import Path

import pytest
from toolbox_bench import LOADER, bench, failing, replace

from agents.toolbox.execute import MOST_RESULT, execute
from agents.toolbox.model import Edit
from agents.toolbox.registry import TOOLS
from tools.analysis.model import NotebookFacts, StatementFacts
from tools.notebook.read import read_notebook
from tools.plan.model import Decision, ExtractionPlan, FunctionPlan
from tools.trace.model import Trace


def test_lines_are_read_with_their_numbers(tmp_path: Path) -> None:
    said = execute(bench(tmp_path), "read_file", {"path": "src/data/loader.py", "start": 8, "end": 9})

    assert said == (
        '   8 def load_data(settings: Settings) -> pd.DataFrame:\n   9     """Load it."""\n(11 lines in all)'
    )


def test_a_text_is_found_in_lines_and_in_paths(tmp_path: Path) -> None:
    assert execute(bench(tmp_path), "search", {"text": "DROPNA"}) == "src/data/loader.py:11: return data.dropna()"
    assert "src/models/model.py" in execute(bench(tmp_path), "search", {"text": "models"})


def test_an_edit_replaces_a_text_that_stands_once_and_is_kept_as_data(tmp_path: Path) -> None:
    on = bench(tmp_path)

    said = replace(on, "src/data/loader.py", "data.dropna()", "data.dropna(how='any')")

    assert said == "src/data/loader.py is edited: 11 lines"
    assert on.edits == [Edit(path="src/data/loader.py", old="data.dropna()", new="data.dropna(how='any')")]
    assert "how='any'" in on.tree["src/data/loader.py"]
    assert (tmp_path / "src/data/loader.py").read_text() == LOADER, "tools never write to disk"


def test_a_new_file_is_made_by_an_empty_old(tmp_path: Path) -> None:
    on = bench(tmp_path)

    assert replace(on, "src/data/columns.py", "", "NAMES = ('a', 'b')").startswith("src/data/columns.py is made")
    assert execute(on, "read_file", {"path": "src/data/columns.py"}) == "   1 NAMES = ('a', 'b')"


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("src/data/loader.py", "nothing like it", "x", "`old` does not stand in src/data/loader.py"),
        ("src/data/loader.py", "data", "x", "`old` stands"),
        ("src/data/loader.py", "", "x", "is there already"),
        ("src/data/loader.py", "return data.dropna()", "return data.dropna()", "are the same"),
        ("src/data/lodar.py", "x", "y", "there is no file"),
        ("src/data/loader.py", "return data.dropna()", "return (data", "would be no Python"),
    ],
)
def test_an_edit_that_does_not_fit_is_told_why(tmp_path: Path, path: str, old: str, new: str, said: str) -> None:
    on = bench(tmp_path)

    assert said in replace(on, path, old, new)
    assert not on.edits


def test_a_check_sees_the_edits_and_its_findings_come_back_in_lines(tmp_path: Path) -> None:
    seen: list[str] = []

    def check(tree, name):  # type: ignore[no-untyped-def]
        seen.append(tree["src/data/loader.py"])
        return failing("the column 'age' is not there", check="mypy")(tree, name)

    on = bench(tmp_path, check=check)
    replace(on, "src/data/loader.py", "data.dropna()", "data.fillna(0)")

    assert execute(on, "run_check", {"name": "mypy"}) == (
        "error mypy: src/data/loader.py E: the column 'age' is not there"
    )
    assert "fillna(0)" in seen[0]
    assert execute(bench(tmp_path), "run_check", {"name": "ruff"}) == "ruff passes"


def test_values_of_the_data_stay_here_unless_they_may_be_shared(tmp_path: Path) -> None:
    check = failing("assert 0.9737 == 0.25, row 'Ann Smith'")

    narrow = execute(bench(tmp_path, check=check), "run_check", {"name": "pytest"})
    wide = execute(bench(tmp_path, check=check, share="code+values"), "run_check", {"name": "pytest"})

    assert narrow.endswith("assert … == 0.25, row …"), "what stands in the code is no secret of the data"
    assert "0.9737" in wide
    for path in ("REPORT.md", "tests/test_data.py"):
        assert "is not shown" in execute(bench(tmp_path), "read_file", {"path": path})
        assert "is not shown" not in execute(bench(tmp_path, share="code+values"), "read_file", {"path": path})
    assert "nothing holds" in execute(bench(tmp_path), "search", {"text": "0.97"})


def test_where_only_code_is_shared_docstrings_are_not_shown(tmp_path: Path) -> None:
    """They tell shapes and columns that the run showed."""
    narrow, wide = bench(tmp_path, share="code"), bench(tmp_path)

    assert execute(narrow, "read_file", {"path": "src/data/loader.py", "start": 9, "end": 9}).startswith("   9 …")
    assert "Load it" in execute(wide, "read_file", {"path": "src/data/loader.py", "start": 9, "end": 9})
    assert "nothing holds" in execute(narrow, "search", {"text": "Load it"})


def test_a_line_is_traced_to_its_statements(tmp_path: Path) -> None:
    path = tmp_path / "nb.py"
    path.write_text("# %%\nimport pandas as pd\n# %%\ndata = pd.read_csv('a.csv')\n")
    ids = ("c1.s1", "c2.s1")
    facts = NotebookFacts(
        notebook=read_notebook(path),
        trace=Trace(status="not run"),
        order=ids,
        statements={
            "c1.s1": StatementFacts(id="c1.s1", kind="import", defines=("pd",), roles=("import",)),
            "c2.s1": StatementFacts(id="c2.s1", kind="assign", defines=("data",), roles=("load_data",)),
        },
    )
    load = FunctionPlan(
        name="load_data", module="src/data/loader.py", stage="data", kind="stage", statements=("c2.s1",)
    )
    decision = Decision(statement="c2.s1", kept=True, reason="yields the data")
    plan = ExtractionPlan(project="p", order=ids, functions=(load,), decisions=(decision,))
    on = bench(tmp_path / "out", facts=facts, plan=plan)

    said = execute(on, "facts", {"path": "src/data/loader.py", "line": 10})

    assert said == ("c2.s1 (roles load_data; defines data)\ndata = pd.read_csv('a.csv')\nkept: yields the data")
    assert "the program wrote it" in execute(on, "facts", {"path": "src/data/loader.py", "line": 1})


def test_results_are_bounded(tmp_path: Path) -> None:
    on = bench(tmp_path)
    on.tree["src/data/loader.py"] = "x = 1  # " + "long " * 50 + "\n"
    on.tree["src/data/loader.py"] *= 5_000

    for name, arguments in (("read_file", {"path": "src/data/loader.py"}), ("search", {"text": "long"})):
        assert len(execute(on, name, arguments)) <= MOST_RESULT

    said = ""
    for _ in range(40):
        said = execute(on, "read_file", {"path": "src/data/loader.py"})
    assert said == "enough was read: end now with what is edited"


def test_every_tool_has_its_own_name_and_says_what_it_is_for() -> None:
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)
    assert all(tool.description.endswith(".") for tool in TOOLS)
    assert all(
        "description" in field for tool in TOOLS for field in tool.arguments.model_json_schema()["properties"].values()
    )
