"""The harness, with a runner that runs nothing."""

import json
import sys
import time
from pathlib import Path

import pytest

from evals.harness import evaluate, run_eval
from evals.intervals import interval, means
from evals.model import RunRecord, Sample, Score
from evals.runner import command_runner
from evals.samples import OWN_SAMPLES, find_samples
from tools.errors import UserError

EXPECTED = "verdict: verified\nmetrics:\n  accuracy: {value: 0.9, tolerance: 0.001}\nkept: [c1.s1]\n"


def notebook(
    folder: Path, name: str = "experiment.ipynb", expected: str | None = None, beside: str = "expected.yaml"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}
    (folder / name).write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    if expected is not None:
        (folder / beside).write_text(expected)
    return folder / name


def runner(accuracy: float = 0.9, verdict: str = "verified", kept: bool = True):
    def run(sample: Sample, folder: Path) -> RunRecord:
        folder.mkdir(parents=True)
        return RunRecord(
            plan={"statements": [{"id": "c1.s1", "kept": kept}]},
            run={"verdict": verdict, "metrics": {"package": {"accuracy": accuracy}}},
            seconds=2.0,
            out=folder / "package",
        )

    return run


def test_our_own_samples_are_found_when_none_is_named():
    samples = find_samples()
    assert {"breast_cancer", "diabetes_regression", "wine_models", "digits_pytorch"} <= {
        sample.name for sample in samples
    }
    assert all(sample.expected for sample in samples)
    assert all(sample.notebook.is_relative_to(OWN_SAMPLES) for sample in samples)


def test_any_folder_of_notebooks_is_a_data_set(tmp_path):
    notebook(tmp_path / "a")
    notebook(tmp_path / "b", "first.ipynb", EXPECTED, "first.expected.yaml")
    notebook(tmp_path / "b", "second.ipynb", "verdict: failed", "expected.yaml")
    notebook(tmp_path / ".ipynb_checkpoints")
    samples = find_samples([tmp_path])
    assert [(sample.name, sample.expected is not None) for sample in samples] == [
        ("a", False),
        ("first", True),
        ("second", False),
    ]


def test_samples_of_one_name_are_told_apart(tmp_path):
    notebook(tmp_path / "x" / "a")
    notebook(tmp_path / "y" / "a")
    assert [sample.name for sample in find_samples([tmp_path])] == ["x/a", "y/a"]


def test_a_path_without_notebooks_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds no notebook"):
        find_samples([tmp_path])
    with pytest.raises(UserError, match="There is no"):
        find_samples([tmp_path / "none"])


def test_every_sample_gets_every_score(tmp_path):
    samples = find_samples([notebook(tmp_path / "a", expected=EXPECTED)])
    found, records = evaluate(samples, runner(), tmp_path / "out", repeats=2)
    assert [(s.repeat, s.value) for s in found.scores if s.scorer == "metrics"] == [(1, 1.0), (2, 1.0)]
    assert set(records) == {("a", 1), ("a", 2)}
    assert found.as_expected == {"a": True}


@pytest.mark.parametrize(
    "made, as_expected",
    [
        (runner(), True),
        (runner(accuracy=0.8), False),
        (runner(verdict="failed"), False),
        (runner(kept=False), True),
    ],
)
def test_the_gates_are_verdict_and_metrics(tmp_path, made, as_expected):
    samples = find_samples([notebook(tmp_path / "a", expected=EXPECTED)])
    found, _ = evaluate(samples, made, tmp_path / "out")
    assert found.as_expected == {"a": as_expected}
    assert found.share == float(as_expected)


@pytest.mark.parametrize("fail_under, accuracy, code", [(1.0, 0.9, 0), (1.0, 0.8, 1), (0.0, 0.8, 0), (None, 0.8, 0)])
def test_too_few_samples_as_expected_end_with_1(tmp_path, capsys, fail_under, accuracy, code):
    path = notebook(tmp_path / "a", expected=EXPECTED)
    ended = run_eval(
        [path], out=tmp_path / "out", fail_under=fail_under, json_output=True, runner=runner(accuracy), track=False
    )
    printed = json.loads(capsys.readouterr().out)
    assert ended == code
    assert printed["samples"]["a"]["scores"]["metrics"] == [1.0 if accuracy == 0.9 else 0.0]
    assert json.loads((tmp_path / "out" / "scores.json").read_text())["means"]["verdict"]["mean"] == 1.0


def test_a_person_sees_a_table_and_what_was_wrong(tmp_path, capsys):
    path = notebook(tmp_path / "a", expected=EXPECTED)
    run_eval([path], out=tmp_path / "out", fail_under=None, json_output=False, runner=runner(0.8), track=False)
    shown = capsys.readouterr()
    assert "kept dropped" in shown.out
    assert "a · metrics: accuracy: 0.9 expected, 0.8 found" in shown.out
    assert "0 of 1 samples are as expected" in shown.out
    assert "a: verified in 2 s" in shown.err


def test_results_are_logged_to_the_embedded_store_and_compared_with(tmp_path, monkeypatch, capsys):
    from mlflow.tracking import MlflowClient

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    path = notebook(tmp_path / "a", expected=EXPECTED)
    run_eval([path], out=tmp_path / "out", fail_under=1.0, json_output=True, runner=runner(), track=True)
    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'out' / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("ml-productionize-eval")
    runs = client.search_runs([experiment.experiment_id])
    by_name = {run.info.run_name: run for run in runs}
    assert by_name["evaluation"].data.metrics["metrics_mean"] == 1.0
    assert by_name["a 1"].data.metrics["seconds"] == 2.0
    assert by_name["a 1"].data.tags["mlflow.parentRunId"] == by_name["evaluation"].info.run_id
    assert {"plan.json", "run.json"} <= {item.path for item in client.list_artifacts(by_name["a 1"].info.run_id)}
    capsys.readouterr()
    earlier = by_name["evaluation"].info.run_id
    run_eval(
        [path], out=tmp_path / "out", fail_under=1.0, json_output=True, runner=runner(0.8), track=False, against=earlier
    )
    (change,) = [c for c in json.loads(capsys.readouterr().out)["compared"] if c["scorer"] == "metrics"]
    assert (change["before"], change["after"]) == (1.0, 0.0)


def test_the_interval_holds_the_mean_and_repeats():
    values = [0.0, 0.5, 1.0, 1.0, 0.75]
    low, high = interval(values)
    assert low < sum(values) / len(values) < high
    assert interval(values) == (low, high)
    assert interval([1.0]) == (1.0, 1.0)


def test_the_mean_is_over_samples_not_over_repetitions():
    scores = [Score(sample="a", scorer="x", value=v, repeat=i) for i, v in enumerate((0.0, 0.0, 0.0), 1)]
    scores.append(Score(sample="b", scorer="x", value=1.0))
    scores.append(Score(sample="c", scorer="x", value=None))
    (mean,) = means(scores)
    assert (mean.mean, mean.count, mean.spread) == (0.5, 2, 0.0)


def command(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys, time\n{text}")


def test_the_command_runner_reads_both_objects(tmp_path):
    sample = Sample(name="a", notebook=notebook(tmp_path / "a"))
    program = command("print('{\"command\": \"' + sys.argv[1] + '\"}'); sys.exit(5)")
    record = command_runner(program=program)(sample, tmp_path / "out")
    assert (record.plan, record.run, record.exit_code) == ({"command": "plan"}, {"command": "run"}, 5)
    assert record.out == tmp_path / "out" / "package"


def test_the_command_runner_keeps_the_end_of_what_went_wrong(tmp_path):
    sample = Sample(name="a", notebook=notebook(tmp_path / "a"))
    record = command_runner(program=command("sys.exit('broken')"))(sample, tmp_path / "out")
    assert record.run == {}
    assert record.error == "broken\nbroken"
    assert record.exit_code == 1


def test_the_command_runner_ends_what_takes_too_long(tmp_path):
    sample = Sample(name="a", notebook=notebook(tmp_path / "a"))
    program = command("import subprocess; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])")
    start = time.monotonic()
    record = command_runner(program=program, seconds=1.0)(sample, tmp_path / "out")
    assert time.monotonic() - start < 20
    assert record.exit_code == 124
    assert "no result after 1 s" in record.error
