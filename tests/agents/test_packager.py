import tomllib

import pytest
import yaml

from agents.model import StepOutput
from agents.packager import package
from tests.render import small_project
from tools.errors import UserError
from tools.trace.model import Trace


@pytest.fixture(scope="module")
def packaged() -> StepOutput:
    return package(small_project.step("pipeline-config"))


def test_files_around_the_package(packaged: StepOutput) -> None:
    assert sorted(packaged.files) == [
        ".github/workflows/ci.yml",
        ".gitignore",
        "Dockerfile",
        "MLproject",
        "Makefile",
        "README.md",
        "configs/kubeflow_pipeline.yaml",
        "configs/mlflow_pipeline.yaml",
        "pipelines/__init__.py",
        "pipelines/kubeflow.py",
        "pyproject.toml",
        "python_env.yaml",
        "requirements-dev.txt",
        "requirements.txt",
        "tests/test_pipelines.py",
    ]


def test_the_same_input_gives_the_same_files(packaged: StepOutput) -> None:
    assert package(small_project.step("pipeline-config")) == packaged


def test_the_job_sets_each_setting_once(packaged: StepOutput) -> None:
    job = yaml.safe_load(packaged.files["MLproject"])
    train = job["entry_points"]["train"]

    assert train["command"].split()[:3] == ["python", "-m", "src.training.train"]
    assert train["command"].count("model.max_depth={model_max_depth}") == 1
    assert yaml.safe_load(packaged.files["configs/mlflow_pipeline.yaml"])["entry_points"] == job["entry_points"]
    assert yaml.safe_load(packaged.files["configs/mlflow_pipeline.yaml"])["metrics"] == ["accuracy"]


def test_lint_and_types_are_strict(packaged: StepOutput) -> None:
    tool = tomllib.loads(packaged.files["pyproject.toml"])["tool"]

    assert tool["mypy"] == {
        "files": ["src", "tests", "pipelines"],
        "strict": True,
        "allow_redefinition": True,
        "overrides": tool["mypy"]["overrides"],
    }
    assert tool["mypy"]["overrides"][0]["module"] == ["joblib.*", "kfp.*", "mlflow.*", "sklearn.*"]
    assert tool["ruff"]["lint"]["pep8-naming"]["extend-ignore-names"] == ["X", "X_test", "X_train"]
    assert tool["pytest"]["ini_options"]["pythonpath"] == ["."]


def test_versions_are_those_of_the_proof(packaged: StepOutput) -> None:
    lines = packaged.files["requirements.txt"].splitlines()

    assert "pandas==3.1.1" in lines
    assert all("==" in line for line in lines if line and not line.startswith("#"))
    assert packaged.files["python_env.yaml"].startswith('python: "3.11"')


def test_without_a_trace_versions_are_those_of_the_interpreter() -> None:
    facts = small_project.facts().model_copy(update={"trace": Trace(status="not run")})
    step = small_project.step("pipeline-config", facts=facts)
    packages = {**step.interpreter.packages, "pandas": "0.1", "scikit-learn": "0.2"}
    step = step.model_copy(update={"interpreter": step.interpreter.model_copy(update={"packages": packages})})

    lines = package(step).files["requirements.txt"].splitlines()

    assert "pandas==0.1" in lines
    assert "scikit-learn==0.2" in lines


def test_data_is_copied_where_it_exists(packaged: StepOutput) -> None:
    source = small_project.HERE / "data" / "flowers.csv"

    assert packaged.copies == {"data/flowers.csv": str(source)}


def test_readme_says_how_to_run(packaged: StepOutput) -> None:
    readme = packaged.files["README.md"]

    assert readme.startswith("# Flower kinds\n\nTwo kinds of flowers, told apart")
    assert "mlflow run . --env-manager local -e train -P model_max_depth=3" in readme


def test_without_kfp_the_pipeline_is_not_compiled_and_the_summary_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.packager.compile_pipeline", lambda *_: ("", "kfp is not installed"))

    output = package(small_project.step("pipeline-config"))

    assert "configs/kubeflow_pipeline.yaml" not in output.files
    assert "no configs/kubeflow_pipeline.yaml: kfp is not installed" in output.summary
    assert "kubeflow" not in output.files["tests/test_pipelines.py"]


def test_a_plan_is_needed() -> None:
    with pytest.raises(UserError, match="run the extract step first"):
        package(small_project.step("pipeline-config", plan=None))
