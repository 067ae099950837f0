"""Which step must mend a finding: one pure function for all checks."""

import re

from tools.checks.model import Step

_STRUCTURE_LINT = re.compile(r"^(F401|F5|F63|F7|F821|F822|F823|E9)|^invalid-syntax$|^syntax-error$")
_STRUCTURE_TYPES = frozenset({"import-not-found", "import", "name-defined", "syntax", "call-arg", "used-before-def"})
_BROKEN_CODE = frozenset(
    {"NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "SyntaxError", "IndentationError"}
)
_PIPELINE_FILES = (
    "MLproject",
    "Makefile",
    "Dockerfile",
    "pyproject.toml",
    "python_env.yaml",
    "requirements.txt",
    "requirements-dev.txt",
    "README.md",
    ".gitignore",
    "configs/mlflow_pipeline.yaml",
    "configs/kubeflow_pipeline.yaml",
    "pipelines/",
    "tests/test_pipelines.py",
    ".github/",
)


def owner(check: str, code: str, file: str, message: str = "", raised_in: str = "", exception: str = "") -> Step:
    """Return the step that must redo its work because of a finding.

    Args:
        check: Name of the check.
        code: Of the rule or tool.
        file: Path in the generated repository; empty where the finding is about none.
        message: Its text.
        raised_in: For a failing test or run: deepest file of the repository in the traceback.
        exception: For a failing test or run: class name of the exception.
    """
    if check == "equivalence" and code == "equivalence":
        return "extract"
    if raised_in:
        return _of_exception(raised_in, exception)
    if file.startswith(_PIPELINE_FILES):
        return "pipeline-config"
    if file.startswith("tests/"):
        return "test"
    if file.startswith("configs/"):
        return "structure"
    if file.startswith("src/"):
        return _of_source(check, code, message)
    return "pipeline-config" if check == "pipeline" else "structure"


def is_broken_code(exception: str) -> bool:
    """Tell whether an exception shows code that cannot work, whatever it is called with."""
    return exception in _BROKEN_CODE


def _of_exception(raised_in: str, exception: str) -> Step:
    if raised_in.startswith("src/"):
        return "structure"
    if raised_in.startswith(_PIPELINE_FILES):
        return "pipeline-config"
    if raised_in.startswith("tests/"):
        return "test"
    return "structure" if is_broken_code(exception) else "test"


def _of_source(check: str, code: str, message: str) -> Step:
    if check == "ruff" and _STRUCTURE_LINT.search(code):
        return "structure"
    if check == "mypy" and (code in _STRUCTURE_TYPES or (code == "attr-defined" and message.startswith("Module "))):
        return "structure"
    if check == "pipeline":
        return "structure"
    return "harden"
