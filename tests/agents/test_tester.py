import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agents.model import StepOutput
from agents.tester import write_tests
from tests.render import small_project
from tools.checks.model import Diagnostic
from tools.errors import UserError
from tools.plan.model import Constraint


@pytest.fixture(scope="module")
def written() -> StepOutput:
    return write_tests(small_project.step())


@pytest.fixture(scope="module")
def repository(written: StepOutput, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small package with the generated tests."""
    root = tmp_path_factory.mktemp("repository") / "package"
    shutil.copytree(small_project.HERE, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "requirements.txt").write_text("mlflow\n")
    for path, text in written.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def run_tests(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments]
    env = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(argv, cwd=root, env=env, capture_output=True, text=True, timeout=200, check=False)


def test_each_stage_has_tests(written: StepOutput) -> None:
    assert sorted(written.files) == [
        "tests/__init__.py",
        "tests/conftest.py",
        "tests/recorded.json",
        "tests/schema.json",
        "tests/stages.py",
        "tests/summary.py",
        "tests/synthetic.py",
        "tests/test_config.py",
        "tests/test_data.py",
        "tests/test_model.py",
        "tests/test_training.py",
    ]
    for name in (
        "test_split_data_gives_the_recorded_values",
        "test_no_row_is_in_both_x_train_and_x_test",
        "test_load_data_names_a_missing_file",
        "test_clean_data_leaves_its_arguments_as_they_are",
    ):
        assert f"def {name}(" in written.files["tests/test_data.py"]


def test_the_same_package_gives_the_same_tests(written: StepOutput) -> None:
    assert write_tests(small_project.step()).files == written.files


def test_generated_tests_pass(repository: Path) -> None:
    done = run_tests(repository)

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("src/data/loader.py", "return df.dropna()", "return df.fillna(0)"),
        ("src/data/loader.py", "return Split(X_train, X_test,", "return Split(X_test, X_train,"),
        ("src/data/loader.py", 'df[["length", "width"]]', 'df[["length"]]'),
        ("src/data/loader.py", 'raise FileNotFoundError(f"no data at {path}: set data.path") from error', "raise"),
        ("src/training/train.py", "    model.fit(X_train, y_train)\n", "    model.fit(X_train, y_train * 0)\n"),
        ("configs/default.yaml", "max_depth: 2", "max_depth: 3"),
    ],
)
def test_generated_tests_fail_on_a_broken_package(
    repository: Path, tmp_path: Path, path: str, old: str, new: str
) -> None:
    broken = tmp_path / "package"
    shutil.copytree(repository, broken)
    source = (broken / path).read_text()
    assert old in source
    (broken / path).write_text(source.replace(old, new))

    done = run_tests(broken, "-x", "tests/test_config.py", "tests/test_data.py", "tests/test_model.py")

    assert done.returncode == 1, done.stdout[-2000:]


def test_without_the_data_recorded_figures_are_not_compared(repository: Path, tmp_path: Path) -> None:
    private = tmp_path / "package"
    shutil.copytree(repository, private, ignore=shutil.ignore_patterns("data.csv", "flowers.csv"))

    done = run_tests(private, "tests/test_config.py", "tests/test_data.py", "tests/test_model.py")

    assert done.returncode == 0, done.stdout[-2000:]
    assert "skipped" in done.stdout


def test_a_test_that_failed_is_left_out_for_good(written: StepOutput) -> None:
    name = "tests/test_data.py::test_no_row_is_in_both_x_train_and_x_test"
    found = Diagnostic(code="pytest", message=f"{name}: assert not {{1}}", step="test", file="tests/test_data.py")

    again = write_tests(small_project.step(diagnostics=(found,)))

    assert [c.target for c in again.constraints] == [name]
    assert "no_row_is_in_both" not in again.files["tests/test_data.py"]
    assert name in again.summary
    later = write_tests(small_project.step(constraints=again.constraints))
    assert later.files == again.files
    assert later.constraints == ()


def test_a_test_of_what_every_package_promises_stays_when_it_fails() -> None:
    name = "tests/test_config.py::test_overrides_replace_defaults"
    contract = "tests/test_training.py::test_metrics_file_is_flat"
    found = [Diagnostic(code="pytest", check="pytest", message=f"{n}[a] failed", step="test") for n in (name, contract)]

    output = write_tests(small_project.step(execute=False, diagnostics=tuple(found)))

    assert [c.target for c in output.constraints] == [name]
    assert "def test_metrics_file_is_flat" in output.files["tests/test_training.py"]
    assert f"for the package is wrong: {contract}" in output.summary


def test_constraints_of_other_tools_leave_out_no_test(written: StepOutput) -> None:
    other = Constraint(kind="suppress", target="src/data/loader.py:3:ruff:E501")

    assert write_tests(small_project.step(constraints=(other,))).files == written.files


def test_without_a_run_only_settings_and_files_are_tested() -> None:
    output = write_tests(small_project.step(execute=False))

    assert "tests/test_config.py" in output.files
    assert "tests/recorded.json" not in output.files
    assert "the package was not run" in output.summary


def test_a_package_that_does_not_run_is_said_so() -> None:
    tree = small_project.tree()
    tree["src/data/loader.py"] = tree["src/data/loader.py"].replace("df.dropna()", "df.drop_gaps()")

    output = write_tests(small_project.step(tree=tree))

    assert "drop_gaps" in output.summary
    assert "tests/test_data.py" not in output.files


def test_files_of_an_earlier_attempt_go() -> None:
    tree = {**small_project.tree(), "tests/test_old.py": "", "tests/test_pipelines.py": ""}

    assert write_tests(small_project.step(tree=tree, execute=False)).removed == ("tests/test_old.py",)


def test_a_plan_is_needed() -> None:
    with pytest.raises(UserError, match="run the extract step first"):
        write_tests(small_project.step(plan=None))
