"""The files that every generated repository has."""

from guardrails.rules.model import Example, Finding, Rule, Subject

REQUIRED = (
    "EXTRACTION_PLAN.md",
    "MLproject",
    "Makefile",
    "README.md",
    "configs/default.yaml",
    "configs/mlflow_pipeline.yaml",
    "pyproject.toml",
    "python_env.yaml",
    "requirements.txt",
    "src/config.py",
    "src/data/loader.py",
    "src/evaluation/evaluate.py",
    "src/models/model.py",
    "src/training/train.py",
    "tests/conftest.py",
    "tests/test_data.py",
    "tests/test_model.py",
    "tests/test_training.py",
)

RECORDED = "tests/recorded.json"
OF_VALUES = ("tests/test_data.py", "tests/test_model.py")
"""Tests of values: where the notebook cannot run here, no values are recorded and there is nothing to hold them to."""


def find(subject: Subject) -> list[Finding]:
    """Return the files that are missing.

    Args:
        subject: The repository.
    """
    optional = () if RECORDED in subject.files else OF_VALUES
    wanted = [path for path in REQUIRED if path not in optional]
    return [Finding(path, 0, f"{path} is missing") for path in wanted if path not in subject.files]


RULE = Rule(
    "G001",
    "required-files",
    find,
    example=Example("README.md", "", "# A project\n"),
    words=(r"required files",),
)
