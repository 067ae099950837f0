"""Types of the generated repository: `mypy --strict` against the packages of the package's own interpreter."""

import json
import sys
import time
from pathlib import Path

from tools.caches import cache_folder, held
from tools.checks.model import CheckResult, Diagnostic
from tools.checks.owner import owner
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import python_files, relative
from tools.sandbox import Completed, Limits, run


def check_types(request: CheckRequest) -> Outcome:
    """Run mypy in strict mode over the sources, pipelines and tests.

    The cache is shared by all repositories of one environment: the libraries are analysed once. It also holds their
    own modules, all of the same names, so one mypy at a time may use it: another's would answer for this repository.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    interpreter = request.environment.interpreter
    cache = cache_folder("mypy", [interpreter.path, interpreter.version, interpreter.packages, interpreter.python_path])
    cache.mkdir(parents=True, exist_ok=True)
    targets = [top for top in ("src", "pipelines", "tests") if (request.tree / top).is_dir()]
    argv = [sys.executable, "-m", "mypy", "--strict", "--output", "json", "--no-error-summary"]
    argv += ["--python-executable", interpreter.path, "--cache-dir", str(cache), "--explicit-package-bases", *targets]
    limits = Limits(seconds=max(300.0, request.limits.seconds))
    with held(cache):
        done = run(argv, cwd=request.tree, limits=limits, writable=[cache], readable=interpreter.folders())
    diagnostics = _findings(done, request.tree)
    if done.code not in (0, 1) and not diagnostics:
        diagnostics = (_broken(done),)
    errors = [found for found in diagnostics if found.severity == "error"]
    return Outcome(
        result=CheckResult(
            name="mypy",
            status="failed" if errors else "passed",
            seconds=time.monotonic() - began,
            summary=f"{len(errors)} errors" if errors else f"clean, {len(python_files(request.tree))} files",
            diagnostics=diagnostics,
        )
    )


def _findings(done: Completed, tree: Path) -> tuple[Diagnostic, ...]:
    found = []
    for line in done.stdout.splitlines():
        try:
            item = json.loads(line)
        except ValueError:
            continue
        if item.get("severity") != "error":
            continue
        file = relative(str(item["file"]), tree)
        code, message = str(item.get("code") or "mypy"), str(item["message"])
        found.append(
            Diagnostic(
                code=code,
                message=message,
                check="mypy",
                file=file,
                line=max(0, int(item["line"])),
                step=owner("mypy", code, file, message),
            )
        )
    return tuple(sorted(found, key=lambda d: (d.file, d.line, d.code, d.message)))


def _broken(done: Completed) -> Diagnostic:
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    reason = "it was still running at the time limit" if done.timed_out else (lines or ["no reason given"])[-1][:300]
    return Diagnostic(
        code="mypy",
        message=f"mypy could not run: {reason}",
        check="mypy",
        file="pyproject.toml",
        step="pipeline-config",
    )
