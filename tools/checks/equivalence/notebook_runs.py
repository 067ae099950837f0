"""Runs of the notebook and of its slice, kept between rounds: only what changed runs again."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.checks.request import CheckRequest
from tools.frozen import Frozen
from tools.notebook.model import Notebook
from tools.trace.capture import capture_notebook
from tools.trace.model import Capture, CapturePoint

_FORMAT = 1


class KeptCapture(Frozen):
    """A capture and the folder with its details."""

    capture: Capture
    folder: Path


def run_notebook(
    request: CheckRequest,
    notebook: Notebook,
    order: Sequence[str],
    points: Sequence[CapturePoint],
    seed: int | None,
    repetition: int = 0,
) -> KeptCapture:
    """Run statements of the notebook, or return what an earlier run of the same gave.

    Args:
        request: For interpreter, limits and cache.
        notebook: Whose statements.
        order: Ids in run order.
        points: What to record.
        seed: Injected seed; None for a run as written.
        repetition: Tells repeated runs of the same apart.
    """
    interpreter = request.notebook_interpreter or request.environment.interpreter
    folder = (request.cache or Path(tempfile.gettempdir()) / "captures") / _digest(
        request, notebook, order, points, seed, repetition
    )
    kept = folder / "capture.json"
    if kept.is_file():
        return KeptCapture(capture=Capture.model_validate_json(kept.read_text()), folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    capture = capture_notebook(
        notebook,
        order=tuple(order),
        points=tuple(points),
        seed=seed,
        interpreter=interpreter,
        limits=request.limits,
        folder=folder,
    )
    folder.mkdir(parents=True, exist_ok=True)
    if capture.error is None or capture.error.kind != "Timeout":
        part = kept.with_suffix(".part")
        part.write_text(capture.model_dump_json())
        part.replace(kept)
    return KeptCapture(capture=capture, folder=folder)


def _digest(
    request: CheckRequest,
    notebook: Notebook,
    order: Sequence[str],
    points: Sequence[CapturePoint],
    seed: int | None,
    repetition: int,
) -> str:
    interpreter = request.notebook_interpreter or request.environment.interpreter
    inputs = request.facts.trace.input_files if request.facts else {}
    parts = [
        _FORMAT,
        notebook.sha256,
        interpreter.path,
        interpreter.packages,
        inputs,
        list(order),
        [statement.code for statement in notebook.statements() if statement.original],
        [point.model_dump() for point in points],
        seed,
        repetition,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
