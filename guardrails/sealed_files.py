"""Which files of a generated repository no chat model may write: what judges the package, and what reports on it."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from tools.path_patterns import matches

JUDGES = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "pytest.ini",
    ".pytest.ini",
    "mypy.ini",
    ".mypy.ini",
    "ruff.toml",
    ".ruff.toml",
    ".coveragerc",
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "*.pth",
    "*.pyi",
    "py.typed",
    "requirements*.txt",
    "python_env.yaml",
    ".github/",
    ".ci/",
)
"""What configures a checker, changes how Python starts, or adds a dependency."""
REPORTS = ("REPORT.md", "report.html", "report.json", "EXTRACTION_PLAN.md", "pull_request.md")
NEW_PYTHON = re.compile(r"^src/(?:[a-z_][a-z0-9_]*/)*[a-z_][a-z0-9_]*\.py$|^tests/test_[a-z0-9_]+\.py$")
"""Where a new module may be made: nowhere that it could be imported in place of a library."""
NEW_TEXT = re.compile(r"^(?:docs/|configs/)?[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:md|yaml|txt)$")
MOST_NAME = 120


def sealed(path: str, known: Sequence[str]) -> str:
    """Say why a file may not be written, or return an empty string.

    Args:
        path: In the generated repository.
        known: Paths of the files that it has.
    """
    pattern = matches(path, JUDGES)
    if pattern:
        return f"{path} is sealed (`{pattern}`): it says how the package is checked or what it needs"
    if matches(path, REPORTS):
        return f"{path} is sealed: the program writes it"
    if path in known:
        if PurePosixPath(path).parts[0] == "tests":
            return f"{path} is sealed: tests that there are stay as they are; a new file tests/test_….py may add some"
        return ""
    fits = NEW_PYTHON.match(path) if path.endswith(".py") else NEW_TEXT.match(path)
    if not fits or len(path) > MOST_NAME:
        return (
            f"{path[:MOST_NAME]!r} cannot be made: new files are src/….py, tests/test_….py, docs/….md, configs/….yaml"
        )
    return ""
