"""Runs a notebook and repairs it for the installed libraries, until it runs or nothing more is known to help."""

import time

from tools.environment import Interpreter
from tools.notebook.model import Notebook
from tools.repair.apply import repair_certain, repair_failure
from tools.repair.cells import repair_cells
from tools.sandbox import Limits
from tools.trace.model import Trace
from tools.trace.run import trace_notebook

ROUNDS = 12
"""Runs for one notebook: each answers one error, so that a run without progress is never far."""


def trace_repaired(notebook: Notebook, *, interpreter: Interpreter, limits: Limits) -> tuple[Notebook, Trace]:
    """Return the notebook as it ran, and the trace of that run.

    A notebook that runs as it is stays as it is. Where a statement fails and a repair answers its error, the repair is
    made and the notebook runs again. A repair after which the run ends earlier is taken back and not made again.

    Args:
        notebook: As read.
        interpreter: In which it runs.
        limits: `seconds` bounds all runs together.
    """
    began = time.monotonic()
    versions = versions_of(interpreter)
    notebook = repair_cells(notebook, versions)
    without: list[str] = []

    def run(candidate: Notebook) -> Trace:
        left = limits.model_copy(update={"seconds": max(1.0, limits.seconds - (time.monotonic() - began))})

        def is_drift(trace: Trace) -> bool:
            return repair_failure(candidate, trace, versions, without) is not None

        return trace_notebook(candidate, interpreter=interpreter, limits=left, final=is_drift)

    trace = run(notebook)
    for _ in range(ROUNDS):
        found = repair_failure(notebook, trace, versions, without) if trace.status == "failed" else None
        if found is None or time.monotonic() - began > limits.seconds:
            break
        after = run(found.notebook)
        if after.status == "failed" and not _came_further(trace, after):
            without.append(found.code)
            continue
        notebook, trace = found.notebook, after
    return notebook, trace


def repair_without_run(notebook: Notebook, interpreter: Interpreter) -> Notebook:
    """Return the notebook with the repairs that the installed versions alone make certain.

    Args:
        notebook: As read.
        interpreter: Whose packages count.
    """
    versions = versions_of(interpreter)
    return repair_certain(repair_cells(notebook, versions), Trace(status="not run"), versions)


def versions_of(interpreter: Interpreter) -> dict[str, str]:
    """Return the installed version by distribution, and of `python`."""
    return {**interpreter.packages, "python": interpreter.version}


def _came_further(before: Trace, after: Trace) -> bool:
    """Tell whether a run came as far as the one before: by the statement that failed, and in it by the error."""
    if before.error is None or after.error is None:
        return True
    position = {identifier: number for number, identifier in enumerate(after.order)}
    old, new = position.get(before.error.statement, 0), position.get(after.error.statement, 0)
    same = (before.error.kind, before.error.message) == (after.error.kind, after.error.message)
    return new > old or (new == old and not same)
