"""Where the state of runs is kept after each node: SQLite in the state folder, or PostgreSQL by a connection string."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from graph.record import state_folder
from tools.errors import ExitCode, UserError

ADDRESS = "ML_PRODUCTIONIZE_CHECKPOINTS"
"""Environment variable with the connection string of a PostgreSQL database (`postgresql://…`)."""
_LATEST = "SELECT thread_id, MAX(checkpoint_id) AS last FROM checkpoints GROUP BY thread_id ORDER BY last DESC"

_LOCK = 7_021_959_101
"""Of the database while its tables are made: any number that nobody else uses there."""


@contextlib.contextmanager
def checkpointer() -> Iterator[BaseCheckpointSaver[Any]]:
    """Open the checkpointer.

    Raises:
        UserError: If its database is damaged or cannot be reached.
    """
    address = os.environ.get(ADDRESS, "")
    with _postgres(address) if address else _sqlite() as saver:
        yield saver


def threads() -> list[str]:
    """Return the ids of all runs, latest first.

    Raises:
        UserError: If the database is damaged or cannot be reached.
    """
    if not os.environ.get(ADDRESS) and not (state_folder() / "checkpoints.sqlite").is_file():
        return []
    with checkpointer() as saver:
        connection: Any = getattr(saver, "conn")  # noqa: B009  both savers have it, their base class does not
        rows = connection.execute(_LATEST).fetchall()
        return [str(row["thread_id"] if isinstance(row, dict) else row[0]) for row in rows]


def of_the_database(error: Exception) -> bool:
    """Tell whether an error says something of the database itself, not of what was read from it."""
    kinds = type(error).__mro__
    return isinstance(error, sqlite3.Error) or any(kind.__module__.partition(".")[0] == "psycopg" for kind in kinds)


@contextlib.contextmanager
def _sqlite() -> Iterator[BaseCheckpointSaver[Any]]:
    from langgraph.checkpoint.sqlite import SqliteSaver

    path = state_folder() / "checkpoints.sqlite"
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        saver = SqliteSaver(connection)
        saver.setup()
        connection.execute(_LATEST).fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        if "full" in str(error) or "locked" in str(error):
            raise
        raise UserError(
            f"the checkpoints in {path} cannot be read ({error}): move the file away and start the run anew; "
            "generated repositories keep all their commits",
            ExitCode.FAILED,
        ) from error
    try:
        yield saver
    finally:
        connection.close()


@contextlib.contextmanager
def _postgres(address: str) -> Iterator[BaseCheckpointSaver[Any]]:
    try:
        import psycopg
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg.rows import dict_row
    except ImportError as error:
        raise UserError(
            f"{ADDRESS} is set, and the extra `postgres` is not installed: "
            "pip install 'ml-experiment-accelerator[postgres]', or unset it"
        ) from error
    try:
        with psycopg.connect(address, autocommit=True, prepare_threshold=0, row_factory=dict_row) as connection:
            saver = PostgresSaver(connection)
            with _one_at_a_time(connection):
                saver.setup()
            yield saver
    except psycopg.OperationalError as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UserError(
            f"the database that {ADDRESS} names is out of reach ({first}): start it or mend the address, "
            "then `ml-productionize resume` goes on",
            ExitCode.INTERRUPTED,
        ) from error
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName) as error:
        raise UserError(
            f"the database that {ADDRESS} names refuses its user ({str(error).strip().splitlines()[0]}): "
            "grant it USAGE and CREATE on a schema, or name another user"
        ) from error
    except psycopg.ProgrammingError as error:
        if error.sqlstate:
            raise
        raise UserError(
            f"{ADDRESS} is no address of a PostgreSQL database: write postgresql://USER:PASSWORD@HOST:5432/NAME"
        ) from None


@contextlib.contextmanager
def _one_at_a_time(connection: Any) -> Iterator[None]:  # noqa: ANN401  psycopg is an extra
    """Let one process at a time make the tables; the others poll, since who waits inside the database blocks it."""
    while not connection.execute("SELECT pg_try_advisory_lock(%s) AS held", (_LOCK,)).fetchone()["held"]:
        time.sleep(0.05)
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
