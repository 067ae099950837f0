"""The Kubeflow pipeline: compiled anew, and its steps run locally with their placeholders filled in."""

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tools.sandbox import Completed, Limits, run

SOURCE = "pipelines/kubeflow.py"
COMPILED = "configs/kubeflow_pipeline.yaml"
_PLACEHOLDER = re.compile(
    r"\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\['([^']+)'\](?:\.(path|uri|output_file))?\}\}"
)


def sdk_is_there() -> bool:
    """Tell whether the kfp SDK is installed beside this tool."""
    return importlib.util.find_spec("kfp") is not None


def compiles_to(tree: Path, limits: Limits) -> str:
    """Compile the source again; say what is wrong if the result is not the compiled file.

    Args:
        tree: A scratch copy.
        limits: Of the compiler's run.
    """
    target = tree / COMPILED
    before = target.read_text() if target.is_file() else ""
    done = run([sys.executable, "-W", "ignore", "-m", "pipelines.kubeflow"], cwd=tree, limits=limits)
    if done.code:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
        return f"{SOURCE} does not compile: {lines[-1][:300]}"
    after = target.read_text() if target.is_file() else ""
    if not after:
        return f"`python -m pipelines.kubeflow` does not write {COMPILED}"
    return "" if after == before else f"{COMPILED} is not what {SOURCE} compiles to: compile it again"


def run_steps(tree: Path, folder: Path, runner: Callable[..., Completed]) -> tuple[str, int, dict[str, float] | None]:
    """Run the command of each step in the order of the pipeline.

    Args:
        tree: A scratch copy.
        folder: Gets the artefacts.
        runner: Runs a command in the scratch copy.

    Returns:
        What is wrong (empty where all is well), the number of steps, and the metrics that the last step wrote.
    """
    import yaml

    spec = next(d for d in yaml.safe_load_all((tree / COMPILED).read_text()) if d and "deploymentSpec" in d)
    tasks = spec["root"]["dag"]["tasks"]
    executors = spec["deploymentSpec"]["executors"]
    metrics: dict[str, float] | None = None
    order = in_order(tasks)
    for name in order:
        component = spec["components"][tasks[name]["componentRef"]["name"]]
        container = executors[component["executorLabel"]]["container"]
        values = _values(name, tasks[name], component, spec, folder)
        command = [_filled(text, values) for text in (*container.get("command", ()), *container.get("args", ()))]
        done = runner(*command)
        if done.code:
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
            return f"step {name} of the Kubeflow pipeline fails: {lines[-1][:300]}", len(order), None
        for output in component.get("outputDefinitions", {}).get("artifacts", {}):
            path = folder / name / output
            if not path.exists():
                return f"step {name} of the Kubeflow pipeline does not write its output {output}", len(order), None
            metrics = _numbers(path) or metrics
    return "", len(order), metrics


def in_order(tasks: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names of tasks so that each comes after those it depends on.

    Args:
        tasks: Of the pipeline's graph, by name.
    """
    done: list[str] = []
    while len(done) < len(tasks):
        ready = [n for n in sorted(tasks) if n not in done and set(tasks[n].get("dependentTasks", ())) <= set(done)]
        if not ready:
            break
        done.append(ready[0])
    return done


def _values(
    name: str, task: Mapping[str, Any], component: Mapping[str, Any], spec: Mapping[str, Any], folder: Path
) -> dict[tuple[str, str, str], str]:
    values: dict[tuple[str, str, str], str] = {}
    defaults = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    inputs = task.get("inputs", {})
    for key, given in inputs.get("parameters", {}).items():
        if "componentInputParameter" in given:
            value = defaults.get(given["componentInputParameter"], {}).get("defaultValue", "")
        elif "taskOutputParameter" in given:
            source = given["taskOutputParameter"]
            path = folder / source["producerTask"] / source["outputParameterKey"]
            value = path.read_text().strip() if path.is_file() else ""
        else:
            value = given.get("runtimeValue", {}).get("constant", "")
        values["inputs", "parameters", key] = value if isinstance(value, str) else json.dumps(value)
    for key, definition in component.get("inputDefinitions", {}).get("parameters", {}).items():
        value = definition.get("defaultValue", "")
        values.setdefault(("inputs", "parameters", key), value if isinstance(value, str) else json.dumps(value))
    for key, given in inputs.get("artifacts", {}).items():
        source = given.get("taskOutputArtifact", {})
        values["inputs", "artifacts", key] = str(
            folder / source.get("producerTask", name) / source.get("outputArtifactKey", key)
        )
    for kind in ("artifacts", "parameters"):
        for key in component.get("outputDefinitions", {}).get(kind, {}):
            (folder / name).mkdir(parents=True, exist_ok=True)
            values["outputs", kind, key] = str(folder / name / key)
    return values


def _filled(text: str, values: Mapping[tuple[str, str, str], str]) -> str:
    return _PLACEHOLDER.sub(lambda m: values.get((m[1], m[2], m[3]), m[0]), text)


def _numbers(path: Path) -> dict[str, float] | None:
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text())
        return {str(k): float(v) for k, v in found.items()}
    except (ValueError, TypeError, AttributeError):
        return None
