from pathlib import Path

import pytest

from graph.batch import batch_exit_code, find_notebooks, output_names, run_batch
from graph.batch_engines import here
from graph.batch_summary import counts, write_summary
from graph.batch_table import Row, Table
from tools.errors import ExitCode, UserError

FAKE = """
import json, os, pathlib, sys
notebook, out = sys.argv[1:3]
runs = pathlib.Path(notebook).with_suffix(".runs")
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
text = pathlib.Path(notebook).read_text()
if "kill always" in text or ("kill once" in text and runs.read_text() == "x"):
    os.kill(os.getpid(), 9)
if "bad" in text:
    print("ml-productionize: no model in it", file=sys.stderr)
    sys.exit(2)
print(json.dumps({"verdict": text}))
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> list[Path]:
    made = []
    for name, text in [("a", "verified"), ("b", "unproven"), ("c", "bad"), ("d", "kill once"), ("e", "kill always")]:
        path = tmp_path / "in" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        made.append(path)
    return made


def fake(tmp_path: Path):
    script = tmp_path / "fake.py"
    script.write_text(FAKE)
    return lambda row: [str(script), row.notebook, row.out]


def runs(path: Path) -> int:
    return len(path.with_suffix(".runs").read_text())


def test_each_notebook_ends_for_itself(notebooks: list[Path], tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    rows = run_batch(
        notebooks, tmp_path / "out", here(2), fake(tmp_path), lambda row, done, of: seen.append((done, of))
    )

    found = {Path(row.notebook).stem: (row.verdict, row.code, row.attempts) for row in rows}
    assert found == {
        "a": ("verified", 0, 1),
        "b": ("unproven", 0, 1),
        "c": ("", 2, 1),
        "d": ("kill once", 0, 2),
        "e": ("", -9, 2),
    }
    assert next(row.message for row in rows if row.notebook.endswith("c.ipynb")) == "ml-productionize: no model in it"
    assert seen[-1] == (5, 5)


def test_a_second_batch_does_nothing_twice(notebooks: list[Path], tmp_path: Path) -> None:
    for _ in range(2):
        run_batch(notebooks[:2], tmp_path / "out", here(2), fake(tmp_path), lambda *_: None)
    assert [runs(p) for p in notebooks[:2]] == [1, 1]

    notebooks[0].write_text("failed")
    rows = run_batch(notebooks[:2], tmp_path / "out", here(2), fake(tmp_path), lambda *_: None)

    assert [runs(p) for p in notebooks[:2]] == [2, 1]
    assert [row.verdict for row in rows] == ["failed", "unproven"]


def test_a_row_left_running_by_a_dead_supervisor_is_taken_up_again(tmp_path: Path) -> None:
    table = Table(tmp_path / "t.sqlite")
    table.put(Row(notebook="/a", sha256="1", out="/o", status="running", attempts=1))
    table.put(Row(notebook="/b", sha256="1", out="/o", status="done"))

    assert [row.notebook for row in table.take_up({"/a": ("1", "/o"), "/b": ("1", "/o")})] == ["/a"]


def test_names_of_folders_tell_notebooks_apart() -> None:
    found = output_names([Path("/x/one/model.ipynb"), Path("/x/two/model.ipynb")])

    assert list(found.values()) == ["one-model", "two-model"]


def test_missing_paths_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        find_notebooks([tmp_path / "nowhere"])
    with pytest.raises(UserError, match=r"no \.ipynb file"):
        find_notebooks([tmp_path])


def test_checkpoints_of_the_notebook_server_are_left_out(tmp_path: Path) -> None:
    for name in ("a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")

    assert find_notebooks([tmp_path]) == [tmp_path / "a.ipynb"]


def test_the_summary_counts_verdicts_and_escapes_names(tmp_path: Path) -> None:
    rows = [
        Row(notebook="/n/<b>.ipynb", sha256="", out="/o/b", verdict="verified", code=0),
        Row(notebook="/n/c.ipynb", sha256="", out="/o/c", message="a | b", code=2),
    ]
    write_summary(rows, tmp_path)

    assert counts(rows) == "1 verified, 1 without a verdict"
    assert "&lt;b&gt;.ipynb" in (tmp_path / "summary.html").read_text()
    assert r"a \| b" in (tmp_path / "summary.md").read_text()
    assert batch_exit_code(rows) is ExitCode.FAILED
    assert batch_exit_code(rows[:1]) is ExitCode.VERIFIED
