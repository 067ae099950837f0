"""The files that every generated repository has."""

from guardrails.rules.model import Finding, Rule, Subject

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


def find(subject: Subject) -> list[Finding]:
    """Return the files that are missing.

    Args:
        subject: The repository.
    """
    return [Finding(path, 0, f"{path} is missing") for path in REQUIRED if path not in subject.files]


RULE = Rule("G001", "required-files", find)
