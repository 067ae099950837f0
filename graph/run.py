"""Starts and resumes runs: a checkpointed thread for each."""

import contextlib
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver

from graph.build import build_graph
from graph.nodes import LINE, Line
from graph.record import make_state_folder, state_folder
from graph.state import RunInput, RunState
from tools.errors import ExitCode, UserError

RECURSION_LIMIT = 400
Listener = Callable[[dict[str, Any]], None]


def new_thread_id(notebook: str) -> str:
    """Return an id for a new run: the notebook's name and a few random digits."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(notebook).stem.lower()).strip("-") or "notebook"
    return f"{stem[:40]}-{uuid.uuid4().hex[:8]}"


def start(run_input: RunInput, listener: Listener, thread_id: str = "", line: Line = LINE) -> RunState:
    """Run a notebook through the whole line.

    Args:
        run_input: What to run.
        listener: Called with each progress event.
        thread_id: Of the run; a new one if empty.
        line: The agents and checks.

    Returns:
        The state at the end.

    Raises:
        UserError: On bad input, a broken guardrail, or an unwritable state folder.
    """
    make_state_folder()
    return _stream(run_input.model_dump(), thread_id or new_thread_id(run_input.notebook), listener, line)


def resume(thread_id: str, listener: Listener, line: Line = LINE) -> RunState:
    """Go on with an interrupted run; a finished one is returned as it ended.

    Args:
        thread_id: Of the run; the latest one if empty.
        listener: Called with each progress event.
        line: The agents and checks.

    Raises:
        UserError: If there is no such run.
    """
    known = threads()
    wanted = thread_id or (known[0] if known else "")
    if wanted not in known:
        near = f"; the latest are {', '.join(known[:5])}" if known else "; no run was started here"
        raise UserError(f"there is no run {wanted!r} in {state_folder()}{near}")
    return _stream(None, wanted, listener, line)


def threads() -> list[str]:
    """Return the ids of all runs, latest first."""
    path = state_folder() / "checkpoints.sqlite"
    if not path.is_file():
        return []
    with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.OperationalError):
        rows = connection.execute(
            "SELECT thread_id, MAX(checkpoint_id) AS last FROM checkpoints GROUP BY 1 ORDER BY last DESC"
        )
        return [str(row[0]) for row in rows]
    return []


@contextlib.contextmanager
def checkpointer() -> Iterator[SqliteSaver]:
    """Open the embedded checkpointer.

    Raises:
        UserError: If its database is damaged.
    """
    path = state_folder() / "checkpoints.sqlite"
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        saver = SqliteSaver(connection)
        saver.setup()
    except sqlite3.DatabaseError as error:
        connection.close()
        raise UserError(
            f"the checkpoints in {path} cannot be read ({error}): move the file away and start the run anew"
        ) from error
    try:
        yield saver
    finally:
        connection.close()


def config_of(thread_id: str) -> RunnableConfig:
    """Return the configuration that names a run."""
    return {"configurable": {"thread_id": thread_id}, "recursion_limit": RECURSION_LIMIT}


def _stream(values: dict[str, Any] | None, thread_id: str, listener: Listener, line: Line) -> RunState:
    with checkpointer() as saver:
        graph = build_graph(line, saver)
        config = config_of(thread_id)
        if values is None and not graph.get_state(config).next:
            return cast(RunState, graph.get_state(config).values)
        with _one_run(thread_id):
            for event in graph.stream(cast(Any, values), config, stream_mode="custom", durability="sync"):
                listener(cast(dict[str, Any], event))
        return cast(RunState, graph.get_state(config).values)


@contextlib.contextmanager
def _one_run(thread_id: str) -> Iterator[None]:
    """Hold the lock of a run, so that no second process works on it."""
    import fcntl

    folder = state_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{thread_id}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(
                f"run {thread_id} is at work in another process: wait for it to end", ExitCode.BAD_INPUT
            ) from error
        yield
