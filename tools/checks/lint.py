"""Lint and format of the generated repository by ruff, under the repository's own settings."""

import json
import sys
import time
from pathlib import Path

from tools.checks.model import CheckResult, Diagnostic
from tools.checks.owner import owner
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import python_files, relative
from tools.sandbox import Completed, Limits, run

_LIMITS = Limits(seconds=120)


def check_lint(request: CheckRequest) -> Outcome:
    """Run `ruff check`.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    done = _ruff(request.tree, "check", "--output-format", "json", ".")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return _broken("ruff", done, began)
    diagnostics = tuple(_diagnostic(item, request.tree) for item in found)
    return _outcome("ruff", diagnostics, began, f"clean, {len(python_files(request.tree))} files")


def check_format(request: CheckRequest) -> Outcome:
    """Run `ruff format --check`.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    done = _ruff(request.tree, "format", "--check", "--output-format", "json", ".")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return _broken("format", done, began)
    files = sorted({relative(str(item["filename"]), request.tree) for item in found if item["code"] == "unformatted"})
    diagnostics = tuple(
        Diagnostic(
            code="format",
            message="is not formatted as `ruff format` would",
            check="format",
            file=file,
            line=1,
            step=owner("format", "format", file),
        )
        for file in files
    )
    return _outcome("format", diagnostics, began, f"clean, {len(python_files(request.tree))} files")


def _ruff(tree: Path, command: str, *arguments: str) -> Completed:
    argv = [sys.executable, "-m", "ruff", command, "--no-cache", *arguments]
    return run(argv, cwd=tree, limits=_LIMITS)


def _diagnostic(item: dict[str, object], tree: Path) -> Diagnostic:
    file = relative(str(item["filename"]), tree)
    code = str(item.get("code") or "invalid-syntax")
    place = item.get("location")
    line = int(place["row"]) if isinstance(place, dict) else 0
    return Diagnostic(
        code=code,
        message=str(item["message"]),
        check="ruff",
        file=file,
        line=line,
        step=owner("ruff", code, file),
    )


def _outcome(name: str, diagnostics: tuple[Diagnostic, ...], began: float, clean: str) -> Outcome:
    return Outcome(
        result=CheckResult(
            name=name,
            status="failed" if diagnostics else "passed",
            seconds=time.monotonic() - began,
            summary=f"{len(diagnostics)} findings" if diagnostics else clean,
            diagnostics=diagnostics,
        )
    )


def _broken(name: str, done: Completed, began: float) -> Outcome:
    lines = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit code {done.code}"]
    finding = Diagnostic(
        code=name,
        message=f"ruff could not run: {lines[-1][:300]}",
        check=name,
        file="pyproject.toml",
        step="pipeline-config",
    )
    return _outcome(name, (finding,), began, "")
