"""The Kubeflow pipeline of a generated repository: its source, and the YAML that the kfp SDK makes of it."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.plan.settings import literal
from tools.render.engine import render
from tools.render.settings import data_keys, defaults, key_of, scalar

SOURCE = "pipelines/kubeflow.py"
COMPILED = "configs/kubeflow_pipeline.yaml"
_COMPILE = "import sys; sys.path.insert(0, '.'); from kfp import compiler; import pipelines.kubeflow as p; {call}"


class PipelineParameter(Frozen):
    """An input of the pipeline."""

    name: str
    key: str
    default: str
    description: str


def pipeline_parameters(plan: ExtractionPlan, tree: Mapping[str, str]) -> tuple[PipelineParameter, ...]:
    """Return what a run of the pipeline can be given: where the data is, which models, the seed."""
    values = defaults(plan, tree)
    known = {setting.key: setting for setting in plan.settings}
    keys = [*((key, "File of the data, as the containers see it.") for key in data_keys(plan))]
    keys += [
        (key, text)
        for key, text in (
            (key_of(plan, "models"), "Models to train, as a YAML list."),
            ("seed", "Seed of the training."),
        )
        if key in known
    ]
    parameters = []
    for key, description in keys:
        default = scalar(values.get(key, literal(known[key])))
        if default is not None:
            name = key.replace(".", "_")
            parameters.append(PipelineParameter(name=name, key=key, default=default, description=description))
    return tuple(parameters)


def function_name(project: str) -> str:
    """Return the name of the pipeline function: the project's words joined by `_`."""
    name = re.sub(r"\W+", "_", project).strip("_").lower() or "experiment"
    return (
        name if name.isidentifier() and name not in {"train", "evaluate"} else f"{name}_pipeline".lstrip("0123456789_")
    )


def pipeline_source(plan: ExtractionPlan, tree: Mapping[str, str]) -> str:
    """Return the source of `pipelines/kubeflow.py`."""
    return render(
        "kubeflow.py.j2",
        name=plan.project,
        function=function_name(plan.project),
        parameters=pipeline_parameters(plan, tree),
        output_key=key_of(plan, "output_dir") or "training.output_dir",
        metrics_key=key_of(plan, "metrics_path") or "evaluation.metrics_path",
    )


def compile_pipeline(source: str, project: str) -> tuple[str, str]:
    """Compile the pipeline with the kfp SDK in a process of its own.

    Args:
        source: Of `pipelines/kubeflow.py`; ours, no foreign code.
        project: Name of the project.

    Returns:
        The YAML text, and why there is none: one of the two is empty.
    """
    function = function_name(project)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pipelines").mkdir()
        (Path(folder) / "pipelines" / "__init__.py").touch()
        (Path(folder) / SOURCE).write_text(source, encoding="utf-8")
        code = _COMPILE.format(call=f"compiler.Compiler().compile(p.{function}, 'compiled.yaml')")
        argv = [sys.executable, "-I", "-W", "ignore", "-c", code]
        done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        compiled = Path(folder) / "compiled.yaml"
        if done.returncode == 0 and compiled.is_file():
            return compiled.read_text(encoding="utf-8"), ""
    reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return "", "kfp is not installed" if "No module named 'kfp'" in reason else reason
