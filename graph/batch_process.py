"""One notebook of a batch: a supervised process of its own, which dies with its supervisor, and its outcome."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graph.batch_table import Row
from tools.caches import held

MAX_ATTEMPTS = 2
_BOUND = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""Has the kernel kill this process when its parent dies, and becomes the Python that was asked for."""


def supervised(
    row: Row,
    arguments: Sequence[str],
    out: Path,
    began: Callable[[Row], None],
    variables: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> Row:
    """Run one notebook, and return its row as it ended; one that has ended already, wherever, is not run again.

    A process that was killed from outside is started again.

    Args:
        row: Of the notebook.
        arguments: Of Python: what runs it.
        out: Folder of the batch: logs, and how each notebook ended.
        began: Called with the row at each attempt.
        variables: Environment variables beside those there are.
        stop: Set by whoever wants it to end at once, as it stands.
    """
    name = Path(row.out).name
    result = out / "results" / f"{name}.json"
    with held(result.with_suffix("")):
        ended = _ended(result)
        if ended is not None and ended.sha256 == row.sha256:
            return ended
        while True:
            row = row.model_copy(update={"status": "running", "attempts": row.attempts + 1})
            began(row)
            shutil.rmtree(row.out, ignore_errors=True)
            at = time.monotonic()
            code, stdout, stderr = _process(arguments, variables or {}, stop or threading.Event())
            if stop is not None and stop.is_set():
                return row
            seconds = round(time.monotonic() - at, 1)
            row = row.model_copy(update={"code": code, "seconds": seconds, **_outcome(stdout, stderr)})
            _write(out / "logs" / f"{name}.log", stderr)
            if code >= 0 or row.attempts >= MAX_ATTEMPTS:
                row = row.model_copy(update={"status": "done"})
                _write(result, row.model_dump_json())
                return row


def _process(arguments: Sequence[str], variables: Mapping[str, str], stop: threading.Event) -> tuple[int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BOUND, str(os.getpid()), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, **variables},
    )
    while True:
        try:
            stdout, stderr = process.communicate(timeout=0.5)
            return process.returncode, stdout, stderr
        except subprocess.TimeoutExpired:
            if stop.is_set():
                os.killpg(process.pid, signal.SIGKILL)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def _outcome(stdout: str, stderr: str) -> dict[str, str]:
    try:
        verdict = str(json.loads(stdout)["verdict"])
    except (ValueError, KeyError, TypeError):
        lines = [line for line in stderr.splitlines() if line.strip()]
        return {"verdict": "", "message": lines[-1][:500] if lines else "ended without a word"}
    return {"verdict": verdict, "message": ""}


def _ended(result: Path) -> Row | None:
    try:
        return Row.model_validate_json(result.read_text())
    except (OSError, ValueError):
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text)
    part.replace(path)
