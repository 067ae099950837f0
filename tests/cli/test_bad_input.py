"""Input that cannot become a package ends with one sentence and its exit code, and harms nothing."""

import json
from pathlib import Path

import pytest
from command_line import Ended, command, digests, notebook

DATA = "a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(40))
IMPORTS = "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression"
LOAD = "df = pd.read_csv('data.csv')"
TRAIN = "model = LogisticRegression().fit(df[['a']], df['y'])"
JUDGE = "accuracy = model.score(df[['a']], df['y'])\nprint(accuracy)"
CHEAP = ("--set", "checks.skip=[mutation, pipeline]")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The user's folder: nothing in it may change."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "data.csv").write_text(DATA)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def good(work: Path) -> Path:
    return notebook(work / "good.ipynb", [IMPORTS, LOAD, TRAIN, JUDGE])


def refused(done: Ended, *words: str, code: int = 2) -> None:
    """The command ended with one sentence that has these words."""
    assert done.code == code, done.stderr
    assert done.stdout == ""
    assert len(done.sentences) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    for word in words:
        assert word in done.sentences[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{ this is not", ("not JSON", "line 1")),
        ("", ("empty",)),
        ('{"a": 1}', ("no notebook", "cells")),
        ("[1]", ("no notebook", "cells")),
    ],
)
def test_a_file_that_is_no_notebook(work: Path, home: Path, text: str, words: tuple[str, ...]) -> None:
    (work / "broken.ipynb").write_text(text)
    before = digests(work)

    refused(command(home, "plan", work / "broken.ipynb", "--no-execute"), "broken.ipynb", *words)

    assert digests(work) == before


def test_bytes_that_are_no_text(work: Path, home: Path) -> None:
    (work / "broken.ipynb").write_bytes(b"\xff\xfe\x00\x01")

    refused(command(home, "plan", work / "broken.ipynb", "--no-execute"), "broken.ipynb", "no notebook")


def test_an_old_notebook_is_upgraded_in_memory_only(work: Path, home: Path) -> None:
    sources = [IMPORTS, LOAD, TRAIN, JUDGE]
    cells = [
        {"cell_type": "code", "collapsed": False, "input": s, "language": "python", "metadata": {}, "outputs": []}
        for s in sources
    ]
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    (work / "old.ipynb").write_text(json.dumps(old))
    before = digests(work)

    done = command(home, "plan", work / "old.ipynb", "--no-execute", "--json")

    assert done.code == 0, done.stderr
    assert [cell["kept"] for cell in json.loads(done.stdout)["cells"]] == [True] * 4
    assert digests(work) == before


def test_another_language(work: Path, home: Path) -> None:
    path = notebook(work / "r.ipynb", ["x <- 1"], kernel="ir", language="R")

    refused(command(home, "plan", path, "--no-execute"), "r.ipynb", "R", "Python")


@pytest.mark.parametrize("cells", [[], ["", "  "]])
def test_nothing_in_it(work: Path, home: Path, cells: list[str]) -> None:
    refused(command(home, "plan", notebook(work / "empty.ipynb", cells), "--no-execute"), "empty.ipynb", "no code")


def test_no_model_and_no_metric(work: Path, home: Path) -> None:
    path = notebook(work / "sums.ipynb", ["import math", "x = math.sqrt(2)\nprint(x)"])

    shown = command(home, "plan", path, "--no-execute", "--json")  # it is understood, only not made a package of
    assert shown.code == 0
    plan = json.loads(shown.stdout)
    assert [cell["roles"] for cell in plan["cells"]] == [["import"], ["other"]]
    assert not any(cell["kept"] for cell in plan["cells"])
    assert [w["message"] for w in plan["warnings"] if w["code"] == "nothing-to-extract" and "no model" in w["message"]]
    refused_run = command(home, "run", path, "--no-execute", "--out", home / "out")
    refused(refused_run, "sums.ipynb", "no model")
    assert {path.name for path in (home / "out").iterdir()} <= {".git"}


def test_no_such_notebook(work: Path, home: Path) -> None:
    refused(command(home, "plan", work / "nowhere.ipynb", "--no-execute"), "nowhere.ipynb")
    refused(command(home, "run", work / "nowhere.ipynb", "--out", home / "out"), "nowhere.ipynb")
    assert not (home / "out").exists()


def test_a_folder_instead_of_a_notebook(work: Path, home: Path) -> None:
    refused(command(home, "run", work, "--out", home / "out"), "is a folder")


def test_a_run_refuses_a_broken_notebook_before_it_makes_the_output_folder(work: Path, home: Path) -> None:
    (work / "broken.ipynb").write_text("{")

    refused(command(home, "run", work / "broken.ipynb", "--out", home / "out"), "not JSON")

    assert not (home / "out").exists()


def test_an_output_folder_that_is_not_empty(work: Path, home: Path) -> None:
    (home / "out").mkdir(parents=True)
    (home / "out" / "mine.txt").write_text("precious")

    refused(command(home, "run", good(work), "--out", home / "out"), "not empty", "--out")

    assert digests(home / "out").keys() == {"mine.txt"}


def test_an_output_folder_that_cannot_be_made(work: Path, home: Path) -> None:
    below_a_file = work / "data.csv" / "out"

    refused(command(home, "run", good(work), "--out", below_a_file), "data.csv", "--out")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("budget.max_round=3", ("budget.max_round", "max_rounds")),
        ("nothing=3", ("nothing",)),
        ("budget.max_rounds=many", ("max_rounds",)),
        ("budget.max_rounds", ("KEY=VALUE",)),
    ],
)
def test_a_setting_that_is_wrong(work: Path, home: Path, setting: str, words: tuple[str, ...]) -> None:
    refused(command(home, "run", good(work), "--out", home / "out", "--set", setting), *words)

    assert not (home / "out").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("budgets:\n  max_rounds: 3\n", (".architect.yaml", "budgets", "budget")),
        ("budget: [\n", (".architect.yaml",)),
        ("budget:\n  max_rounds: -1\n", (".architect.yaml", "max_rounds")),
    ],
)
def test_a_team_file_that_is_wrong(work: Path, home: Path, text: str, words: tuple[str, ...]) -> None:
    (work / ".architect.yaml").write_text(text)

    refused(command(home, "run", good(work), "--out", home / "out"), *words)

    assert not (home / "out").exists()


def test_a_team_file_that_does_not_exist(work: Path, home: Path) -> None:
    done = command(home, "run", good(work), "--out", home / "out", "--config", work / "nowhere.yaml")

    refused(done, "nowhere.yaml")


def test_an_interpreter_that_is_none(work: Path, home: Path) -> None:
    refused(command(home, "run", good(work), "--out", home / "out", "--python", work / "data.csv"), "data.csv")
    assert not (home / "out").exists()


def test_no_run_to_resume(home: Path) -> None:
    refused(command(home, "resume", "never-started"), "never-started")


def test_a_folder_that_nobody_generated(work: Path, home: Path) -> None:
    refused(command(home, "review", work), "no generated repository")


def test_a_plan_names_the_cell_that_raises(work: Path, home: Path) -> None:
    path = notebook(work / "raises.ipynb", [IMPORTS, "raise ValueError('not today')", LOAD, TRAIN, JUDGE])
    before = digests(work)

    done = command(home, "plan", path, "--json")

    assert done.code == 0, done.stderr
    warnings = json.loads(done.stdout)["warnings"]
    assert [w["statement"] for w in warnings if w["code"] == "not-run"] == ["c2.s1"]
    assert any("not today" in w["message"] for w in warnings)
    assert digests(work) == before


def ended_early(done: Ended, *words: str) -> None:
    """The run says once why nothing can be proven, and does not end with 0."""
    assert done.code in (1, 4, 5), done.stderr
    assert "Traceback" not in done.stderr
    notes = [line for line in done.stderr.splitlines() if "the notebook stops at" in line]
    assert len(notes) == 1, done.stderr
    for word in words:
        assert word in notes[0]
    found = json.loads(done.stdout)
    assert found["verdict"] in ("failed", "unproven")
    assert found["reason"]
    assert found["equivalence"]["equal"] == 0


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([IMPORTS, "df = pd.read_csv('absent.csv')", TRAIN, JUDGE], ("c2.s1", "absent.csv")),
        ([IMPORTS, LOAD, "raise ValueError('not today')", TRAIN, JUDGE], ("c3.s1", "not today")),
        ([IMPORTS, LOAD, "while True:\n    pass", TRAIN, JUDGE], ("c3.s1", "Timeout")),
    ],
    ids=["missing data", "a cell that raises", "a cell that never ends"],
)
def test_a_notebook_that_does_not_run(work: Path, home: Path, cells: list[str], words: tuple[str, ...]) -> None:
    path = notebook(work / "stops.ipynb", cells)
    before = digests(work)

    done = command(home, "run", path, "--out", home / "out", "--json", "--run-seconds", "15", *CHEAP)

    ended_early(done, *words)
    assert digests(work) == before
