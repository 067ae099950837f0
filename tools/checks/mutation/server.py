"""Runs the tests of a package on one mutant after the other, each in a fork of a process that has the libraries loaded.

A copy of this file runs in the package's environment and in the sandbox: it imports nothing of this project.
"""

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

_LEFT_BEHIND = ("artifacts", "mlruns", "__pycache__")


def main(path: str) -> None:
    """Run the jobs of a request and write one JSON line a job.

    Args:
        path: JSON file: `preload` (modules), `jobs` (`number`, `file`, `text`), `until` (seconds from now), `results`.
    """
    request = json.loads(Path(path).read_text(encoding="utf-8"))
    end = time.monotonic() + float(request["until"])
    sys.path[:0] = [str(Path.cwd())]
    for name in request["preload"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        copy_stores(Path("mlflow.db").resolve())
    with Path(request["results"]).open("w", encoding="utf-8") as results:
        began = time.monotonic()
        code, first = trial(None, end - began)
        slow = time.monotonic() - began
        results.write(json.dumps({"number": -1, "code": code, "by": first}) + "\n")
        results.flush()
        for job in request["jobs"] if code == 0 else []:
            left = end - time.monotonic()
            if left < slow:
                break
            code, first = trial(job, min(left, max(30.0, 4 * slow)))
            if code is None and left < max(30.0, 4 * slow):
                break
            results.write(json.dumps({"number": job["number"], "code": code, "by": first}) + "\n")
            results.flush()


def copy_stores(made: Path) -> None:
    """Let MLflow copy a store that has its tables instead of making one for each session of tests.

    Args:
        made: The migrated store; where there is none, or this MLflow works otherwise, it makes its own.
    """
    utils: Any = importlib.import_module("mlflow.store.db.utils")
    original: Any = utils._initialize_tables

    def initialize(engine: Any) -> None:  # noqa: ANN401
        place = Path(engine.url.database) if engine.url.drivername.startswith("sqlite") else None
        if place is None or not made.is_file() or (place.is_file() and place.stat().st_size):
            original(engine)
            return
        engine.dispose()
        shutil.copyfile(made, place)

    utils._initialize_tables = initialize


def trial(job: dict[str, Any] | None, seconds: float) -> tuple[int | None, str]:
    """Run the tests in a fork, with one file changed.

    Args:
        job: The change; None for the package as it is.
        seconds: Limit.

    Returns:
        Exit code of pytest (None where the limit ended it), and the first test that failed.
    """
    target = Path(job["file"]) if job else None
    original = target.read_text(encoding="utf-8") if target else ""
    if target and job:
        target.write_text(job["text"], encoding="utf-8")
    output = Path("mutation-output.txt")
    try:
        child = os.fork()
        if child == 0:
            run_tests(output)
        code = wait(child, seconds)
    finally:
        if target:
            target.write_text(original, encoding="utf-8")
        for name in _LEFT_BEHIND:
            shutil.rmtree(name, ignore_errors=True)
    return code, first_failure(output.read_text(encoding="utf-8", errors="replace") if output.is_file() else "")


def run_tests(output: Path) -> None:
    """Run pytest and end the process."""
    os.setsid()
    with output.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    code = 3
    try:
        import pytest

        code = int(pytest.main(["-x", "-q", "--tb=no", "--no-header", "-p", "no:cacheprovider"]))
        sys.stdout.flush()
    except BaseException as error:
        os.write(1, f"ERROR tests - {type(error).__name__}".encode())
    finally:
        os._exit(code)


def wait(child: int, seconds: float) -> int | None:
    """Wait for a process; kill it and its group at the limit."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def first_failure(text: str) -> str:
    """Return the name of the first test that failed."""
    for line in text.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            name = line.split(" ", 1)[1].partition(" - ")[0]
            return name.rpartition("::")[2] or name
    return ""


if __name__ == "__main__":
    main(sys.argv[1])
