"""A notebook of 2021 through the whole line: repaired for today's libraries, and the package proven against that."""

import json
import shutil
from pathlib import Path

import pytest

from graph.run import start
from graph.state import RunInput

CASE = Path(__file__).parents[1] / "cases" / "drift"


@pytest.mark.whole_run
def test_a_notebook_that_needs_four_repairs_ends_verified_after_them(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "work")
    notebook = tmp_path / "work" / "experiment.py"
    given = RunInput(notebook=str(notebook), out=str(tmp_path / "out"), overrides={"checks.skip": "[mutation]"})

    state = start(given, lambda _: None)

    assert state["verdict"] == "verified", state["reason"]
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert {repair["code"] for repair in report["repairs"]} == {
        "pandas-append",
        "numpy-builtin-aliases",
        "sklearn-linear-normalize",
        "sklearn-squared",
    }
    assert {metric["name"]: metric["equal"] for metric in report["metrics"]} == {"rmse": True, "r2": True}
    assert notebook.read_bytes() == (CASE / "experiment.py").read_bytes()
