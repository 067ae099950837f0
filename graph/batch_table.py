"""The status table of a batch: one row a notebook, in SQLite, so that nothing is lost and nothing is done twice."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tools.frozen import Frozen

Status = Literal["waiting", "running", "done"]


class Row(Frozen):
    """One notebook of a batch.

    Attributes:
        notebook: Absolute path.
        sha256: Of the notebook when it was taken up; another one means new work.
        out: Folder of its repository.
        status: Where it stands.
        attempts: Processes started for it.
        code: Exit code of the last one; None while there is none.
        verdict: Of the run; empty where it ended without one.
        seconds: Wall time of the last process.
        message: Last line of its stderr where there is no verdict.
    """

    notebook: str
    sha256: str
    out: str
    status: Status = "waiting"
    attempts: int = 0
    code: int | None = None
    verdict: str = ""
    seconds: float = 0.0
    message: str = ""


class Table:
    """The table on disk; each change is one transaction.

    Args:
        path: SQLite file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS rows (notebook TEXT PRIMARY KEY, row TEXT NOT NULL)")

    def put(self, row: Row) -> None:
        """Write one row."""
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO rows VALUES (?, ?)", (row.notebook, row.model_dump_json()))

    def rows(self) -> list[Row]:
        """Return all rows, by path."""
        with self._open() as connection:
            found = connection.execute("SELECT row FROM rows ORDER BY notebook").fetchall()
        return [Row.model_validate_json(text) for (text,) in found]

    def take_up(self, notebooks: dict[str, tuple[str, str]]) -> list[Row]:
        """Add new notebooks, and return those that are still to be done.

        A row that was running when its supervisor died waits again; a finished row whose notebook has not changed
        is left alone.

        Args:
            notebooks: (sha256, output folder) by path.
        """
        known = {row.notebook: row for row in self.rows()}
        for path, (digest, out) in sorted(notebooks.items()):
            row = known.get(path)
            if row is None or row.sha256 != digest:
                self.put(Row(notebook=path, sha256=digest, out=out))
            elif row.status == "running":
                self.put(row.model_copy(update={"status": "waiting"}))
        return [row for row in self.rows() if row.status == "waiting" and row.notebook in notebooks]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30)
        try:
            with connection:
                yield connection
        finally:
            connection.close()
