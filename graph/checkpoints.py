"""Where the state of runs is kept after each node: SQLite in the state folder, or PostgreSQL by a connection string."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from graph.record import state_folder
from tools.errors import ExitCode, UserError

ADDRESS = "ML_PRODUCTIONIZE_CHECKPOINTS"
"""Environment variable with the connection string of a PostgreSQL database (`postgresql://…`)."""
_LATEST = "SELECT thread_id, MAX(checkpoint_id) AS last FROM checkpoints GROUP BY thread_id ORDER BY last DESC"


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
            saver.setup()
            yield saver
    except psycopg.OperationalError as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UserError(
            f"the database that {ADDRESS} names is out of reach ({first}): start it or mend the address, "
            "then `ml-productionize resume` goes on",
            ExitCode.INTERRUPTED,
        ) from error
