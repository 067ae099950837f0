"""The `runs` command: every run with its verdict, time and cost."""

import json
import sys
from pathlib import Path
from typing import Literal

from graph.checkpoints import threads
from graph.run import open_run, state_of
from graph.state import RunState
from tools.errors import UserError
from tools.frozen import Frozen


class Listed(Frozen):
    """One run.

    Attributes:
        thread_id: Its id.
        status: `ended`, `waiting` (for a person's answer), `interrupted` (resume goes on), `not begun` (its input
            was refused), `unreadable`.
        verdict: Of a run that has ended; else empty.
        notebook: Its path.
        out: Folder of its repository.
        at: Date and time of its latest checkpoint, UTC.
        seconds: Wall time of all its nodes.
        tokens: Of chat models.
        usd: Dollars for chat models.
        ahead: What is to be done first when it goes on.
        note: Why it is unreadable; else empty.
    """

    thread_id: str
    status: Literal["ended", "waiting", "interrupted", "not begun", "unreadable"]
    verdict: str = ""
    notebook: str = ""
    out: str = ""
    at: str = ""
    seconds: float = 0.0
    tokens: int = 0
    usd: float = 0.0
    ahead: str = ""
    note: str = ""


def listed_runs() -> list[Listed]:
    """Return all runs, latest first."""
    return [_listed(thread) for thread in threads()]


def print_runs(json_output: bool) -> None:
    """Print all runs as a table, or as one JSON object."""
    found = listed_runs()
    if json_output:
        sys.stdout.write(json.dumps({"runs": [run.model_dump() for run in found]}, indent=2) + "\n")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("run", "verdict", "latest", "seconds", "cost", "notebook", box=None, pad_edge=False)
    for run in found:
        ended = run.verdict or f"{run.status}{': ' + run.ahead if run.ahead else ''}"
        cost = f"${run.usd:.2f}, {run.tokens:,} tokens" if run.tokens or run.usd else "-"
        name = escape(Path(run.notebook).name or run.note)
        table.add_row(run.thread_id, ended, run.at, f"{run.seconds:.1f}", cost, name)
    console = Console(highlight=False, soft_wrap=True)
    console.print(table if found else "no run was started here")


def _listed(thread: str) -> Listed:
    try:
        with open_run(thread) as (graph, config):
            state = state_of(graph, config)
            at = str(graph.get_state(config).created_at or "")[:19].replace("T", " ")
    except UserError as error:
        return Listed(thread_id=thread, status="unreadable", note=str(error))
    return listed(thread, state, at)


def listed(thread: str, state: RunState, at: str) -> Listed:
    """Return what is listed of a run.

    Args:
        thread: Its id.
        state: As it stands.
        at: When its latest checkpoint was made.
    """
    if "pending" not in state:
        return Listed(thread_id=thread, status="not begun", notebook=state.get("notebook", ""), at=at)
    spent = state["spent"]
    ahead = state["pending"][0] if state["pending"] else "review"
    return Listed(
        thread_id=thread,
        status="ended" if state["verdict"] else "waiting" if state.get("awaiting") else "interrupted",
        verdict=state["verdict"] or "",
        notebook=state["notebook"],
        out=state["out"],
        at=at,
        seconds=round(spent.total_seconds(), 1),
        tokens=spent.total_tokens(),
        usd=round(spent.total_usd(), 4),
        ahead="" if state["verdict"] else ahead,
    )
