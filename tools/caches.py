"""The user's cache: folders that runs share, and that one process at a time may change."""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path


def cache_folder(kind: str, key: Sequence[object] = ()) -> Path:
    """Return a folder of the cache; it need not be there.

    Args:
        kind: What it holds: `layers`, `mypy`, `mlflow`.
        key: What its contents depend on, as JSON has it; empty for the folder of all of a kind.
    """
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "ml-productionize" / kind
    return folder / digest_of(key) if key else folder


def digest_of(key: Sequence[object]) -> str:
    """Return a short digest of what a cached thing depends on."""
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes from a folder; waits for the one that has it. The lock lies beside the folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
