"""Who may work on what: one process a run, one run an output folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from graph.record import run_that_made, state_folder
from tools.errors import UserError


@contextlib.contextmanager
def only_process(thread_id: str) -> Iterator[None]:
    """Hold the lock of a run, so that no second process works on it.

    Raises:
        UserError: If another process does.
    """
    folder = state_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{thread_id}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(f"run {thread_id} is at work in another process: wait for it to end") from error
        yield


@contextlib.contextmanager
def only_writer(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder, so that no two runs write into it, whatever state folders they have.

    The folder itself is locked: nothing is left in it. One that cannot be made or opened is left to those who
    say what is wrong with it.

    Raises:
        UserError: If another run writes into it.
    """
    new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            run = run_that_made(out)
            who = f"run {run.name}" if run else "another run"
            raise UserError(
                f"{who} is writing into {out}: wait for it to end, or name another folder with --out"
            ) from (error)
        yield
    finally:
        os.close(descriptor)
        if new:
            with contextlib.suppress(OSError):
                out.rmdir()
