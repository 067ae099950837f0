"""Runs the command line on one sample, in processes of their own, and reads the objects that it prints."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from evals.model import Runner, RunRecord, Sample

_ROOT = Path(__file__).parent.parent


def command_runner(
    *,
    seconds: float = 1800.0,
    options: Sequence[str] = (),
    program: Sequence[str] = (sys.executable, "-m", "graph.cli"),
) -> Runner:
    """Return a runner that calls `plan NOTEBOOK --json` and `run NOTEBOOK --out DIR --json`.

    Args:
        seconds: Wall time allowed for each call; its process tree is killed at the end.
        options: Further options for `run`; `plan` gets those that it knows (`--python`, `--no-execute`).
        program: The command.
    """

    def run(sample: Sample, folder: Path) -> RunRecord:
        folder.mkdir(parents=True, exist_ok=True)
        out = folder / "package"
        notebook = str(sample.notebook)
        plan, _, plan_error = _call([*program, "plan", notebook, "--json", *_for_plan(options)], folder, seconds)
        start = time.perf_counter()
        arguments = [*program, "run", notebook, "--out", str(out), "--json", *options]
        result, code, run_error = _call(arguments, folder, seconds)
        return RunRecord(
            plan=plan,
            run=result,
            exit_code=code,
            seconds=round(time.perf_counter() - start, 2),
            out=out,
            error="\n".join(filter(None, (plan_error, run_error))),
        )

    return run


def _for_plan(options: Sequence[str]) -> list[str]:
    """Return the options that `plan` has too."""
    found = [option for option in options if option == "--no-execute" or option.startswith("--python=")]
    pairs = pairwise(options)
    return [*found, *(part for name, value in pairs if name == "--python" for part in (name, value))]


def _call(arguments: list[str], folder: Path, seconds: float) -> tuple[dict[str, Any], int, str]:
    """Return the printed object, the exit code and, where there is no object, the end of stderr."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            return {}, 124, f"no result after {seconds:.0f} s"
        raise
    try:
        loaded = json.loads(stdout)
    except ValueError:
        loaded = None
    if isinstance(loaded, dict):
        return loaded, process.returncode, ""
    return {}, process.returncode, "\n".join(stderr.strip().splitlines()[-5:]) or "it printed no object"
