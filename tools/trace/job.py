"""Runs a job of the probe in the sandbox and reads back what it saw."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.environment import Interpreter
from tools.errors import UserError
from tools.frozen import Frozen
from tools.notebook.model import Notebook
from tools.sandbox import Completed, Limits, run
from tools.secrets import scrubbed
from tools.trace.layout import Layout, lay_out
from tools.trace.model import CapturePoint, TraceError

PROBE = Path(__file__).parent / "probe"
_START = (
    "import sys; sys.path[:1] = [sys.argv[1]]; from notebook_probe.runner import main; "
    "sys.path.remove(sys.argv[1]); main(sys.argv[2])"
)


class JobResult(Frozen):
    """What a job left behind.

    Attributes:
        lines: One object a statement begun or ended, in order.
        completed: How the process ended.
        layout: Where it ran (the folder is gone).
        error: The failure of a statement, or of the process; None where all ran.
    """

    lines: tuple[dict[str, Any], ...]
    completed: Completed
    layout: Layout
    error: TraceError | None


def put_probe(folder: Path) -> None:
    """Lay the probe down as the package `notebook_probe` in a folder."""
    shutil.copytree(PROBE, folder / "notebook_probe", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


def run_job(
    notebook: Notebook,
    order: Sequence[str],
    mode: str,
    interpreter: Interpreter,
    limits: Limits,
    results: Path,
    seed: int | None = None,
    points: Sequence[CapturePoint] = (),
    stars: dict[str, str] | None = None,
) -> JobResult:
    """Run statements of a notebook in a fresh process on a fresh copy of its folder.

    Args:
        notebook: Whose statements.
        order: Ids of the statements to run.
        mode: `trace` or `capture`.
        interpreter: In which it runs.
        limits: Bounds of the run.
        results: Folder that gets the recorded values.
        seed: Injected seed; None for none.
        points: What to record.
        stars: Modules star-imported, by statement id.
    """
    by_id = {statement.id: statement for statement in notebook.statements()}
    with tempfile.TemporaryDirectory(prefix="notebook-run-") as name:
        scratch = Path(name)
        layout = lay_out(notebook, scratch, limits.hidden)
        put_probe(scratch)
        results.mkdir(parents=True, exist_ok=True)
        job = {
            "mode": mode,
            "seed": seed,
            "root": str(layout.root),
            "folder": str(results),
            "original": str(layout.original),
            "hidden": [str(Path(__file__).parent.parent.parent)],
            "points": [point.model_dump() for point in points],
            "stars": stars or {},
            "statements": [
                {"id": s.id, "cell": s.cell, "code": s.code, "displayed": s.displayed}
                for s in (by_id[i] for i in order)
            ],
        }
        (scratch / "job.json").write_text(json.dumps(job))
        done = run(
            [interpreter.path, "-c", _START, str(scratch), str(scratch / "job.json")],
            cwd=layout.cwd,
            limits=limits,
            writable=[scratch, results],
            readable=[layout.original, *interpreter.folders()],
        )
    if limits.secrets:
        _scrub(results, [value for _, value in limits.secrets])
    lines = _lines(results / "results.jsonl")
    error = _about_hidden(_failure(lines, done), limits.hidden)
    return JobResult(lines=lines, completed=done, layout=layout, error=error)


def _scrub(results: Path, values: Sequence[str]) -> None:
    """Mask known secrets in what a run left behind, before anything reads or keeps it."""
    forms = [form for value in values for form in (value, json.dumps(value)[1:-1])]
    for path in sorted(results.rglob("*.json*")):
        if path.is_file() and not path.is_symlink():
            text = path.read_text(encoding="utf-8", errors="replace")
            masked = scrubbed(text, forms)
            if masked != text:
                path.write_text(masked, encoding="utf-8")


def _about_hidden(error: TraceError | None, hidden: Sequence[str]) -> TraceError | None:
    """Say of a missing file that it was left out on purpose, where it was."""
    for path in hidden if error and error.kind in ("FileNotFoundError", "ModuleNotFoundError") else ():
        name = Path(path).name
        if error and (name in error.message or f"'{Path(path).stem}'" in error.message):
            said = f"{error.message}; {name} is left out of every run (guardrails.sensitive_files)"
            return error.model_copy(update={"message": said})
    return error


def _lines(path: Path) -> tuple[dict[str, Any], ...]:
    if path.is_symlink() or not path.is_file():
        return ()
    found = []
    for line in path.read_text().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return tuple(found)


def _failure(lines: Sequence[dict[str, Any]], done: Completed) -> TraceError | None:
    for line in lines:
        if "error" in line:
            return TraceError.model_validate(line["error"])
    if lines and "end" in lines[-1]:
        return None
    statement = next((str(line["begin"]) for line in reversed(lines) if "begin" in line), "")
    if done.stopped:
        return TraceError(statement=statement, kind="Stopped", message=f"it was ended: {done.stopped}")
    if done.timed_out:
        return TraceError(statement=statement, kind="Timeout", message=f"still running after {done.seconds:.0f} s")
    tail = [line for line in done.stderr.splitlines() if line.strip()]
    if not lines:
        last = tail[-1][:300] if tail else "no reason given"
        raise UserError(f"the interpreter could not run the notebook: {last}; name another one with --python")
    signal = f"signal {-done.code}" if done.code < 0 else f"exit code {done.code}"
    signal += ", most likely because memory ran out" if done.code == -9 else ""
    message = f"the process ended ({signal})" + (f": {tail[-1][:300]}" if tail else "")
    return TraceError(statement=statement, kind="ProcessEnded", message=message)
