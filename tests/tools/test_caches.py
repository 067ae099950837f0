"""Folders of the cache that runs share are changed by one process at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.caches import cache_folder, held

TRIES = """
import fcntl, sys
with open(sys.argv[1], "w") as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("taken")
    else:
        print("free")
"""


def other_process(folder: Path) -> str:
    lock = folder.with_name(f"{folder.name}.lock")
    return subprocess.run([sys.executable, "-c", TRIES, str(lock)], capture_output=True, text=True).stdout.strip()


def test_a_held_folder_is_kept_from_other_processes(tmp_path):
    folder = tmp_path / "not" / "yet" / "there"
    with held(folder):
        assert other_process(folder) == "taken"
        assert other_process(folder.with_name("another")) == "free"
    assert other_process(folder) == "free"


def test_a_failure_gives_it_free(tmp_path):
    with pytest.raises(ValueError, match="no"), held(tmp_path / "a"):
        raise ValueError("no")
    assert other_process(tmp_path / "a") == "free"


def test_the_folder_depends_on_its_key_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder("layers") == tmp_path / "ml-productionize" / "layers"
    first, second = cache_folder("mypy", ["a", {"b": "1"}]), cache_folder("mypy", ["a", {"b": "2"}])
    assert first == cache_folder("mypy", ["a", {"b": "1"}])
    assert first != second
    assert first.parent == second.parent == tmp_path / "ml-productionize" / "mypy"
