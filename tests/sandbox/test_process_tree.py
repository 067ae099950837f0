"""The processes that a run started are looked up while they come and go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.sandbox.excess import descendants


def test_children_and_theirs_are_found() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        while len(found := descendants(process.pid)) < 1:
            assert process.poll() is None
        assert process.pid in descendants(os.getpid())
        assert set(found) <= set(descendants(os.getpid()))
    finally:
        process.communicate(b"\n")


@pytest.mark.parametrize("ended", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_ends_while_its_threads_are_listed_has_no_children(
    monkeypatch: pytest.MonkeyPatch, ended: type[OSError]
) -> None:
    def gone(path: Path) -> None:
        raise ended(path)

    monkeypatch.setattr("os.scandir", gone)
    monkeypatch.setattr("os.listdir", gone)
    assert descendants(os.getpid()) == []
