"""Many notebooks: one supervised process each; a failure of one never stops the others."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from graph.batch_engines import Arguments, Engine
from graph.batch_table import Row, Table
from tools.errors import ExitCode, UserError
from tools.workspace import sha256


def find_notebooks(paths: Sequence[Path]) -> list[Path]:
    """Return the notebooks named, and those below the folders named, sorted; checkpoints and hidden folders left out.

    Raises:
        UserError: If a path does not exist, or there is no notebook at all.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_file():
            found.add(path.resolve())
        elif path.is_dir():
            below = (
                p for p in path.rglob("*.ipynb") if not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
            found.update(p.resolve() for p in below)
        else:
            raise UserError(f"{path} does not exist: name notebooks, or folders with notebooks")
    if not found:
        raise UserError(f"no .ipynb file in {', '.join(str(p) for p in paths)}")
    return sorted(found)


def output_names(notebooks: Sequence[Path]) -> dict[Path, str]:
    """Return a folder name for each notebook: its own name, with its parents' where two are alike."""
    names: dict[Path, str] = {}
    for depth in range(1, 12):
        names = {p: _name(p, depth) for p in notebooks}
        counts = Counter(names.values())
        if max(counts.values()) == 1:
            break
    repeated = Counter(names.values())
    seen: Counter[str] = Counter()
    for path, name in names.items():
        seen[name] += 1
        names[path] = f"{name}-{seen[name]}" if repeated[name] > 1 else name
    return names


def run_arguments(extra: Sequence[str] = ()) -> Arguments:
    """Return what Python is called with to run the notebook of a row."""
    return lambda row: ["-m", "graph.cli", "run", row.notebook, "--out", row.out, "--json", *extra]


def run_batch(
    notebooks: Sequence[Path],
    out: Path,
    engine: Engine,
    arguments: Arguments,
    listener: Callable[[Row, int, int], None],
) -> list[Row]:
    """Run each notebook in a process of its own.

    Args:
        notebooks: Absolute paths.
        out: Folder of the batch: `batch.sqlite`, one folder a notebook, `logs/`, `results/`, `summary.md`,
            `summary.html`.
        engine: Where the processes run.
        arguments: Gives what Python is called with to run the notebook of a row.
        listener: Called when a row has ended, with it, the number of ended rows and of all.

    Returns:
        All rows of the table, by path.
    """
    out.mkdir(parents=True, exist_ok=True)
    table = Table(out / "batch.sqlite")
    names = output_names(notebooks)
    todo = table.take_up({str(p): (sha256(p), str(out / names[p])) for p in notebooks})
    done = len(notebooks) - len(todo)
    for row in engine(todo, arguments, table, out):
        done += 1
        listener(row, done, len(notebooks))
    wanted = {str(p) for p in notebooks}
    return [row for row in table.rows() if row.notebook in wanted]


def _name(path: Path, depth: int) -> str:
    parts = [*path.parent.parts[len(path.parent.parts) - depth + 1 :], path.stem] if depth > 1 else [path.stem]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(parts)).strip("-.") or "notebook"


def batch_exit_code(rows: Sequence[Row]) -> ExitCode:
    """Return 0 if every notebook is verified, 5 if the worst is unproven, else 1."""
    verdicts = {row.verdict for row in rows}
    if verdicts <= {"verified"}:
        return ExitCode.VERIFIED
    return ExitCode.UNPROVEN if verdicts <= {"verified", "unproven"} else ExitCode.FAILED
