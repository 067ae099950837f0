"""`ml-productionize eval`: its options reach the harness, its exit code is a gate."""

import json
from pathlib import Path

import pytest
from test_harness import notebook, runner
from typer.testing import CliRunner, Result

from evals.runner import _for_plan
from evals.tracking import Tracked
from graph.cli import app

EXPECTED = "verdict: verified\nmetrics:\n  accuracy: {value: 0.9, tolerance: 0.001}\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Options that the runs were given; the runs themselves run nothing, and find an accuracy of 0.9."""
    found: list[tuple[str, ...]] = []

    def made(*, options: tuple[str, ...] = ()):
        found.append(tuple(options))
        return runner(0.8 if "--worse" in options else 0.9)

    monkeypatch.setattr("evals.harness.command_runner", made)
    return found


@pytest.fixture
def untracked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave MLflow out: a new store takes ten seconds."""
    monkeypatch.setattr("evals.tracking.log_evaluation", lambda *_: Tracked(uri="", run_id=""))


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    for name in ("iris", "wine_one", "wine_two"):
        notebook(tmp_path / "samples" / name, expected=EXPECTED)
    return tmp_path / "samples"


def evaluated(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


def test_repeats_give_intervals_and_are_logged(asked: list[tuple[str, ...]], samples: Path, tmp_path: Path) -> None:
    from mlflow.tracking import MlflowClient

    done = evaluated(samples, "--repeats", 3, "--out", tmp_path / "out", "--json")

    result = json.loads(done.stdout)
    assert done.exit_code == 0
    assert result["samples"]["iris"]["scores"]["metrics"] == [1.0, 1.0, 1.0]
    assert result["means"]["metrics"]["low"] == 1.0
    client = MlflowClient(tracking_uri=result["mlflow"]["uri"])
    parent = client.get_run(result["mlflow"]["run_id"])
    assert parent.data.params["repeats"] == "3"
    assert parent.data.metrics["metrics_low"] == 1.0
    children = client.search_runs([parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
    assert len(children) == 9
    assert {"scores.json"} <= {item.path for item in client.list_artifacts(parent.info.run_id)}


@pytest.mark.usefixtures("untracked")
def test_a_worse_version_is_seen_and_fails_the_gate(
    asked: list[tuple[str, ...]], samples: Path, tmp_path: Path
) -> None:
    assert evaluated(samples, "--out", tmp_path / "old", "--json").exit_code == 0

    done = evaluated(
        samples, "--out", tmp_path / "new", "--against", tmp_path / "old", "--option=--worse", "--fail-under", 0.5
    )

    assert done.exit_code == 1
    assert asked[-1] == ("--worse",)
    assert "Compared" in done.stdout
    assert "0 of 3 samples are as expected" in done.stdout
    assert (tmp_path / "new" / "compared.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("untracked")
def test_only_some_samples(asked: list[tuple[str, ...]], samples: Path, tmp_path: Path) -> None:
    done = evaluated(samples, "--only", "wine*", "--out", tmp_path / "out", "--json")
    assert set(json.loads(done.stdout)["samples"]) == {"wine_one", "wine_two"}

    refused = evaluated(samples, "--only", "beer", "--out", tmp_path / "out", "--json")
    assert refused.exit_code == 2
    assert "No sample's name matches beer: there are iris, wine_one, wine_two." in refused.stderr


@pytest.mark.usefixtures("untracked")
def test_notebooks_without_expectations_are_a_data_set_too(asked: list[tuple[str, ...]], tmp_path: Path) -> None:
    notebook(tmp_path / "mine", "a.ipynb")

    done = evaluated(tmp_path / "mine", "--out", tmp_path / "out", "--json")

    assert (done.exit_code, json.loads(done.stdout)["share_as_expected"]) == (0, 1.0)


@pytest.mark.usefixtures("untracked")
def test_an_evaluation_that_is_not_there_is_named(asked: list[tuple[str, ...]], samples: Path, tmp_path: Path) -> None:
    (tmp_path / "scores.json").write_text("[]")
    done = evaluated(samples, "--out", tmp_path / "out", "--against", tmp_path / "scores.json", "--json")

    assert done.exit_code == 2
    assert "holds no scores" in done.stderr


def test_plan_is_given_the_options_that_it_has() -> None:
    given = ["--set", "budget.max_rounds=2", "--python", "venv", "--no-execute", "--python=other"]

    assert _for_plan(given) == ["--no-execute", "--python=other", "--python", "venv"]
