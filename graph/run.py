"""Starts and resumes runs: a checkpointed thread for each."""

import contextlib
import errno
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command as LangGraphCommand

from graph.approval import Reply, answered
from graph.build import build_graph
from graph.checkpoints import checkpointer, of_the_database, threads
from graph.context import RunContext
from graph.locks import only_process, only_writer
from graph.nodes import LINE, Line
from graph.opening import output_folder
from graph.record import make_state_folder, state_folder
from graph.state import VERSION, RunInput, RunState
from graph.tracing import write_trace
from tools.errors import ExitCode, UserError

RECURSION_LIMIT = 400
Listener = Callable[[dict[str, Any]], None]
Graph = CompiledStateGraph[RunState, RunContext, RunInput, RunState]
Change = Callable[[RunState], dict[str, Any]]
"""What is changed in the state of a run before it goes on, as if its extractor had done it."""


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
        UserError: On bad input, a broken guardrail, an unwritable state folder, or a run of this id.
    """
    make_state_folder()
    thread = thread_id or new_thread_id(run_input.notebook)
    if thread_id and thread_id in threads():
        raise UserError(f"there is a run {thread_id!r} already: `ml-productionize resume {thread_id}` goes on with it")
    values = run_input.model_dump()
    with open_run(thread, line) as (graph, config), only_process(thread), only_writer(output_folder(values)):
        return stream(graph, config, values, listener)


def resume(
    thread_id: str,
    listener: Listener,
    line: Line = LINE,
    change: Change | None = None,
    reply: Reply | None = None,
) -> RunState:
    """Go on with an interrupted run; a finished one is returned as it ended.

    Args:
        thread_id: Of the run; the latest one if empty.
        listener: Called with each progress event.
        line: The agents and checks.
        reply: Of a person, where the run waits for one.
        change: Made to its state before it goes on; also a finished run goes on then.

    Raises:
        UserError: If there is no such run, or its state cannot be used.
    """
    thread = known_thread(thread_id)
    with open_run(thread, line) as (graph, config), only_process(thread):
        state = state_of(graph, config)
        with only_writer(output_folder(state)):
            if reply is not None:
                if not state.get("awaiting"):
                    raise UserError(f"run {thread} waits for no answer: `ml-productionize resume {thread}` goes on")
                answered(state, reply)
                return stream(graph, config, LangGraphCommand(resume=reply.model_dump()), listener)
            if change is not None:
                graph.update_state(config, change(state), as_node="extractor")
            elif not graph.get_state(config).tasks:  # `next` leaves out one killed before its checkpoint
                return state
            return stream(graph, config, None, listener)


def known_thread(thread_id: str) -> str:
    """Return the id of a run that there is: the one asked for, the latest one if empty.

    Raises:
        UserError: If there is no such run.
    """
    known = threads()
    wanted = thread_id or (known[0] if known else "")
    if wanted not in known:
        near = f"; the latest are {', '.join(known[:5])}" if known else "; no run was started here"
        raise UserError(f"there is no run {wanted!r} in {state_folder()}{near}")
    return wanted


@contextlib.contextmanager
def open_run(thread_id: str, line: Line = LINE) -> Iterator[tuple[Graph, RunnableConfig]]:
    """Give the graph over the checkpoints, and the configuration that names a run.

    Raises:
        UserError: If the disk is full, or the checkpoints cannot be read or written.
    """
    config: RunnableConfig = {"configurable": {"thread_id": thread_id}, "recursion_limit": RECURSION_LIMIT}
    with _sentences(thread_id), checkpointer() as saver:
        yield build_graph(line, saver), config


def state_of(graph: Graph, config: RunnableConfig) -> RunState:
    """Return the state of a run as its latest checkpoint holds it.

    Raises:
        UserError: If it cannot be read, or was written by another version of this program.
    """
    thread = config["configurable"]["thread_id"]
    kept = "generated repositories keep all their commits"
    try:
        values: Mapping[str, Any] = graph.get_state(config).values or _input_of(graph, config)
    except Exception as error:
        if of_the_database(error):
            raise
        raise UserError(
            f"the checkpoint of run {thread} cannot be read ({type(error).__name__}): start the run anew; {kept}",
            ExitCode.FAILED,
        ) from error
    if "notebook" in values and "pending" not in values:
        return cast(RunState, dict(values))
    if values.get("version") != VERSION:
        raise UserError(
            f"run {thread} was made by another version of this program (its state has version "
            f"{values.get('version', 1)}, this one reads {VERSION}): go on with that version, or start anew; {kept}",
            ExitCode.FAILED,
        )
    return cast(RunState, dict(values))


def _input_of(graph: Graph, config: RunnableConfig) -> Mapping[str, Any]:
    """Return what a run was asked for that died before its first node took it up; nothing where there is none."""
    saver = graph.checkpointer
    found = saver.get_tuple(config) if isinstance(saver, BaseCheckpointSaver) else None
    given = found.checkpoint["channel_values"].get("__start__") if found else None
    return given if isinstance(given, dict) else {}


def stream(graph: Graph, config: RunnableConfig, values: Any, listener: Listener) -> RunState:  # noqa: ANN401
    """Let a run go on to its end or its next interrupt, and return its state there."""
    try:
        for event in graph.stream(values, config, stream_mode="custom", durability="sync"):
            listener(cast(dict[str, Any], event))
    except UserError:
        _write_trace(cast(RunState, graph.get_state(config).values), listener)
        raise
    state = cast(RunState, graph.get_state(config).values)
    if state.get("verdict"):
        _write_trace(state, listener)
    return state


def _write_trace(state: RunState, listener: Listener) -> None:
    """Bring what was done to MLflow, as far as the run has begun; a failure to do so is told and no more."""
    if "run_dir" in state and state["team"].config.tracking.trace:
        listener({"node": "tracing", "event": "start"})
        said = write_trace(state)
        if said:
            listener({"node": "tracing", "event": "note", "text": said})


@contextlib.contextmanager
def _sentences(thread_id: str) -> Iterator[None]:
    """Turn what a full disk or a damaged database raises into a sentence; what was finished is kept either way."""
    go_on = f"then `ml-productionize resume {thread_id}` goes on; finished steps are kept"
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = f" (writing {error.filename})" if error.filename else ""
        raise UserError(f"the disk is full{where}: free some space, {go_on}", ExitCode.INTERRUPTED) from error
    except sqlite3.DatabaseError as error:
        path = state_folder() / "checkpoints.sqlite"
        if "full" in str(error):
            raise UserError(f"the disk is full (writing {path}): free some space, {go_on}", ExitCode.INTERRUPTED) from (
                error
            )
        if "locked" in str(error):
            raise UserError(f"{path} is locked by another process: wait for it, {go_on}", ExitCode.INTERRUPTED) from (
                error
            )
        raise UserError(
            f"the checkpoints in {path} cannot be used ({error}): move the file away and start the run anew; "
            "generated repositories keep all their commits",
            ExitCode.FAILED,
        ) from error
    except UserError as error:
        if "No space left on device" not in str(error):
            raise
        raise UserError(f"the disk is full ({error}): free some space, {go_on}", ExitCode.INTERRUPTED) from error
