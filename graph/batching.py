"""The `batch` command: progress on stderr, the verdicts on stdout, a summary page beside the repositories."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table as ScreenTable

from graph.batch import batch_exit_code, find_notebooks, run_arguments, run_batch
from graph.batch_engines import Engine
from graph.batch_summary import counts, write_summary
from graph.batch_table import Row


def run(paths: Sequence[Path], out: Path, engine: Engine, extra: Sequence[str], json_output: bool) -> int:
    """Run a batch and show how it ended; returns the exit code."""
    progress = Console(stderr=True, highlight=False, soft_wrap=True)

    def listener(row: Row, done: int, of: int) -> None:
        name = escape(Path(row.notebook).name)
        progress.print(f"{done:>4}/{of}  {row.verdict or '-':<9} {row.seconds:7.1f} s  {name}  {escape(row.message)}")

    out = out.resolve()
    rows = run_batch(find_notebooks(paths), out, engine, run_arguments(extra), listener)
    write_summary(rows, out)
    if json_output:
        sys.stdout.write(
            json.dumps({"rows": [row.model_dump() for row in rows], "summary": counts(rows)}, indent=2) + "\n"
        )
    else:
        _show(rows, out)
    return int(batch_exit_code(rows))


def _show(rows: Sequence[Row], out: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = ScreenTable("notebook", "verdict", "seconds", "", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(escape(Path(row.notebook).name), row.verdict or "-", f"{row.seconds:.1f}", escape(row.message))
    console.print(table)
    console.print(f"{len(rows)} notebooks: {counts(rows)}; {escape(str(out))}/summary.html")
