"""Notebooks written down as cells, and their runs."""

import json
from pathlib import Path

from tools.environment import find_interpreter
from tools.notebook.model import Notebook
from tools.notebook.read import read_notebook
from tools.sandbox import Limits
from tools.trace.capture import capture_notebook
from tools.trace.model import Capture, CapturePoint, Trace
from tools.trace.run import trace_notebook

LIMITS = Limits(seconds=60)


def notebook(
    folder: Path, *cells: str, counts: tuple[int | None, ...] = (), outputs: dict[int, str] | None = None
) -> Notebook:
    """A notebook of code cells in a folder, with saved execution counts and printed outputs by cell number."""
    written = []
    for number, source in enumerate(cells, 1):
        text = (outputs or {}).get(number)
        saved = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
        count = counts[number - 1] if counts else number
        written.append(
            {"cell_type": "code", "metadata": {}, "source": source, "execution_count": count, "outputs": saved}
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "experiment.ipynb"
    path.write_text(json.dumps({"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return read_notebook(path)


def traced(folder: Path, *cells: str, seconds: float = 60, **saved: object) -> Trace:
    """The trace of a notebook."""
    limits = Limits(seconds=seconds)
    return trace_notebook(notebook(folder, *cells, **saved), interpreter=find_interpreter(None, None), limits=limits)  # type: ignore[arg-type]


def captured(folder: Path, points: list[CapturePoint], *cells: str, seed: int | None = 1, without: str = "") -> Capture:
    """A run under injected randomness, one statement left out."""
    read = notebook(folder / "work", *cells)
    return capture_notebook(
        read,
        order=[s.id for s in read.statements() if s.id != without],
        points=points,
        seed=seed,
        interpreter=find_interpreter(None, None),
        limits=LIMITS,
        folder=folder / f"captured-{seed}-{without}",
    )
