from pathlib import Path

from tools.checks.pipeline.kubeflow import COMPILED, in_order, run_steps
from tools.sandbox import Completed

PIPELINE = """
components:
  comp-evaluate:
    executorLabel: exec-evaluate
    inputDefinitions: {artifacts: {model: {}}}
    outputDefinitions: {artifacts: {metrics: {}}}
  comp-train:
    executorLabel: exec-train
    inputDefinitions: {parameters: {rate: {defaultValue: 0.5}, data: {}}}
    outputDefinitions: {artifacts: {model: {}}}
deploymentSpec:
  executors:
    exec-evaluate:
      container:
        args: ["{{$.inputs.artifacts['model'].path}}/a", "{{$.outputs.artifacts['metrics'].path}}"]
        command: [evaluate]
    exec-train:
      container:
        args: ["data={{$.inputs.parameters['data']}}", "rate={{$.inputs.parameters['rate']}}",
               "{{$.outputs.artifacts['model'].path}}"]
        command: [train]
root:
  inputDefinitions: {parameters: {data_path: {defaultValue: data/a.csv}}}
  dag:
    tasks:
      evaluate:
        componentRef: {name: comp-evaluate}
        dependentTasks: [train]
        inputs: {artifacts: {model: {taskOutputArtifact: {outputArtifactKey: model, producerTask: train}}}}
      train:
        componentRef: {name: comp-train}
        inputs: {parameters: {data: {componentInputParameter: data_path}}}
"""


def test_steps_run_in_order_with_their_placeholders_filled_in(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / COMPILED).write_text(PIPELINE)
    calls = []

    def runner(*command: str) -> Completed:
        calls.append(command)
        Path(command[-1]).write_text('{"accuracy": 0.5}')
        return Completed(code=0, stdout="", stderr="", seconds=0)

    folder = tmp_path / "runs"

    assert run_steps(tmp_path, folder, runner) == ("", 2, {"accuracy": 0.5})
    assert calls == [
        ("train", "data=data/a.csv", "rate=0.5", f"{folder}/train/model"),
        ("evaluate", f"{folder}/train/model/a", f"{folder}/evaluate/metrics"),
    ]


def test_a_step_that_fails_or_writes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / COMPILED).write_text(PIPELINE)
    failed = Completed(code=1, stdout="", stderr="Traceback\nValueError: no\n", seconds=0)
    silent = Completed(code=0, stdout="", stderr="", seconds=0)

    problem = run_steps(tmp_path, tmp_path / "a", lambda *_: failed)[0]

    assert problem == "step train of the Kubeflow pipeline fails: ValueError: no"
    assert "does not write its output model" in run_steps(tmp_path, tmp_path / "b", lambda *_: silent)[0]


def test_a_circle_of_tasks_ends() -> None:
    assert in_order({"a": {"dependentTasks": ["b"]}, "b": {"dependentTasks": ["a"]}, "c": {}}) == ["c"]
