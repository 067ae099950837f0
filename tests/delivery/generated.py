"""A small generated repository, made by hand, and an existing one that it is delivered into."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.checks.model import Diagnostic
from tools.report.model import CheckRow, MetricRow, Report
from tools.workspace import Workspace

SRC = "src/data/loader.py"


def report(verdict: str = "verified", reason: str = "") -> Report:
    errors = (Diagnostic(code="F821", message="`y` is not defined", check="ruff", file=SRC, line=1),)
    return Report(
        project="ants",
        title="Ants",
        summary="Predicts ants.",
        verdict=verdict,
        reason=reason,
        notebook="ants.ipynb",
        notebook_sha256="0" * 64,
        order="document order",
        checks=(CheckRow(name="ruff", status="failed" if verdict == "failed" else "passed", summary="18 files"),),
        compared=4,
        equal=4,
        metrics=(MetricRow(name="accuracy", notebook=0.9, package=0.9, equal=True),),
        errors=errors if verdict == "failed" else (),
    )


def generated(folder: Path, told: Report | None = None) -> Workspace:
    """Write a generated repository in which `harden` went twice."""
    workspace = Workspace(folder)
    workspace.create()
    for message, files in (
        ("extract: 3 cells", {"EXTRACTION_PLAN.md": "plan\n"}),
        ("structure: 1 module", {SRC: "x = 1\n", "configs/default.yaml": "seed: 1\n"}),
        ("harden: types", {SRC: "x: str = 1\n"}),
        ("test: 1 test", {"tests/test_data.py": "def test(): ...\n"}),
        ("pipeline-config: 1 file", {"Makefile": "test:\n", ".gitattributes": "*.py filter=shout\n"}),
        ("harden: types (attempt 2)", {SRC: "x: int = 1\n"}),
    ):
        workspace.write(files)
        workspace.commit(message)
    found = told or report()
    workspace.write({"REPORT.md": "# Report\n", "report.json": found.model_dump_json(indent=1) + "\n"})
    workspace.commit(f"report: {found.verdict}")
    return workspace


def git(folder: Path, *arguments: str, **variables: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def existing(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write a repository with one commit on `main`."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for path, text in (files or {"README.md": "ours\n"}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "begin", GIT_COMMITTER_DATE="2020-05-05T00:00:00Z")
    return folder


def subjects(folder: Path, branch: str) -> list[str]:
    return git(folder, "log", "--reverse", "--format=%s", branch).splitlines()


def paths(folder: Path, commit: str) -> list[str]:
    return git(folder, "ls-tree", "-r", "--name-only", commit).splitlines()
