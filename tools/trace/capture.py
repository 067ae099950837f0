"""Runs a notebook, or its slice, under injected randomness and records values at given points."""

from collections.abc import Sequence
from pathlib import Path

from tools.environment import Interpreter
from tools.notebook.model import Notebook
from tools.sandbox import Limits
from tools.trace.job import run_job
from tools.trace.model import Capture, Captured, CapturePoint


def capture_notebook(
    notebook: Notebook,
    *,
    order: Sequence[str],
    points: Sequence[CapturePoint],
    seed: int | None,
    interpreter: Interpreter,
    limits: Limits,
    folder: Path,
) -> Capture:
    """Run exactly the given statements and record values.

    Args:
        notebook: Whose statements.
        order: Ids in run order: all of them, or those of the slice.
        points: What to record.
        seed: Seed injected before the first statement; None to run it as it is written.
        interpreter: In which it runs.
        limits: Bounds of the run.
        folder: Gets a JSON summary of each value, named by `Captured.detail`.
    """
    done = run_job(notebook, order, "capture", interpreter, limits, folder, seed, points)
    last = done.lines[-1] if done.lines else {}
    values = {key: Captured.model_validate(value) for key, value in last.get("values", {}).items()}
    return Capture(
        seed=seed,
        status="failed" if done.error else "ran",
        values=values,
        generators=last.get("generators", {}),
        error=done.error,
        seconds=done.completed.seconds,
    )
