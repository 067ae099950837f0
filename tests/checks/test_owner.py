import pytest

from tools.checks.equivalence.findings import step_of_failure
from tools.checks.equivalence.package_runs import PackageFailure
from tools.checks.owner import owner


@pytest.mark.parametrize(
    ("check", "code", "file", "step"),
    [
        ("ruff", "F821", "src/data/loader.py", "structure"),
        ("ruff", "F401", "src/data/loader.py", "structure"),
        ("ruff", "invalid-syntax", "src/data/loader.py", "structure"),
        ("ruff", "D103", "src/data/loader.py", "harden"),
        ("ruff", "F401", "tests/test_data.py", "test"),
        ("ruff", "E501", "pipelines/kubeflow.py", "pipeline-config"),
        ("format", "format", "src/config.py", "harden"),
        ("mypy", "name-defined", "src/models/model.py", "structure"),
        ("mypy", "import-not-found", "src/models/model.py", "structure"),
        ("mypy", "arg-type", "src/models/model.py", "harden"),
        ("mypy", "arg-type", "tests/test_model.py", "test"),
        ("mypy", "mypy", "pyproject.toml", "pipeline-config"),
        ("conventions", "G010", "requirements.txt", "pipeline-config"),
        ("conventions", "G003", "src/data/loader.py", "harden"),
        ("pipeline", "pipeline", "MLproject", "pipeline-config"),
        ("pipeline", "pipeline", "", "pipeline-config"),
        ("equivalence", "equivalence", "", "extract"),
    ],
)
def test_a_finding_belongs_to_the_step_that_wrote_the_file(check: str, code: str, file: str, step: str) -> None:
    assert owner(check, code, file) == step


def test_a_missing_name_in_a_module_of_the_package_is_a_wrong_import() -> None:
    message = 'Module "src.data.loader" has no attribute "load"'

    assert owner("mypy", "attr-defined", "src/training/train.py", message) == "structure"
    assert owner("mypy", "attr-defined", "src/training/train.py", '"Series" has no attribute "x"') == "harden"


@pytest.mark.parametrize(
    ("raised_in", "exception", "step"),
    [
        ("src/data/loader.py", "KeyError", "structure"),
        ("tests/test_data.py", "AssertionError", "test"),
        ("pipelines/kubeflow.py", "TypeError", "pipeline-config"),
        ("configs/x.py", "ImportError", "structure"),
    ],
)
def test_a_failing_test_belongs_to_where_it_raised(raised_in: str, exception: str, step: str) -> None:
    assert owner("pytest", "pytest", "tests/test_data.py", "", raised_in, exception) == step


@pytest.mark.parametrize(
    ("kind", "file", "step"),
    [
        ("NameError", "src/data/loader.py", "structure"),
        ("ImportError", "", "structure"),
        ("KeyError", "src/data/loader.py", "extract"),
        ("FileNotFoundError", "src/data/loader.py", "pipeline-config"),
        ("Timeout", "", "structure"),
    ],
)
def test_a_package_that_ends_early_goes_to_who_can_mend_it(kind: str, file: str, step: str) -> None:
    assert step_of_failure(PackageFailure(kind=kind, message="m", file=file)) == step
