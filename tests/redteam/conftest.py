"""A user's project to attack: a notebook, data, secrets, an own folder for the attacker."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command_line import digests

SECRET = "hunter2-Zx9!precious"


@dataclass(frozen=True)
class Project:
    """What is attacked, and where from.

    Attributes:
        folder: The user's project; nothing in it may change.
        scratch: The only folder that the attacker may write.
        before: Digests of the project's files.
    """

    folder: Path
    scratch: Path
    before: dict[str, str]

    def unharmed(self) -> bool:
        """Tell whether every file is what it was, and none was added."""
        return digests(self.folder) == self.before


@pytest.fixture
def project() -> Iterator[Project]:
    """Make a project outside of the temporary folders, where a sandbox sees it."""
    root = Path("/var/tmp").resolve() / f"redteam-{uuid.uuid4().hex[:8]}"
    folder, scratch = root / "project", root / "scratch"
    (folder / "data").mkdir(parents=True)
    (folder / "keys").mkdir()
    (folder / ".git").mkdir()
    scratch.mkdir()
    (folder / "experiment.ipynb").write_text('{"cells": []}')
    (folder / "data" / "train.csv").write_text("a,b\n1,2\n")
    (folder / ".env").write_text(f"TOKEN={SECRET}\n")
    (folder / ".env.local").write_text(SECRET)
    (folder / "credentials.json").write_text(SECRET)
    (folder / "keys" / "server.key").write_text(SECRET)
    try:
        yield Project(folder, scratch, digests(folder))
    finally:
        shutil.rmtree(root, ignore_errors=True)
