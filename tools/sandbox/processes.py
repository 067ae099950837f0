"""Starts a process with limits, reads what it says, and ends its whole tree."""

import contextlib
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from tools.sandbox.excess import Watch, descendants, too_many
from tools.sandbox.pids_group import join, pids_group, refused

MAX_OUTPUT = 1_000_000
TICK = 0.1
_MEGABYTE = 1024 * 1024


class Bounds(NamedTuple):
    """Limits of a process; 0 for none."""

    seconds: float
    memory_mb: int
    processes: int
    file_mb: int
    disk_mb: int


class Ended(NamedTuple):
    """How a process ended, and what it said."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool
    stopped: str


def watched(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    bounds: Bounds,
    mark: str,
    places: Sequence[Path],
) -> Ended:
    """Run a command to its end or to its time limit, then end everything that it started.

    Args:
        command: What to run.
        cwd: Its working directory.
        environment: All its variables.
        bounds: Limits.
        mark: A variable (`NAME=value`) of its environment by which processes that left its tree are known.
        places: Folders that it may write.
    """
    with pids_group(bounds.processes if not os.getuid() else 0) as group:
        return _watched(command, cwd, environment, bounds, mark, places, group)


def _watched(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    bounds: Bounds,
    mark: str,
    places: Sequence[Path],
    group: Path | None,
) -> Ended:
    began = time.monotonic()
    settings = _settings(bounds)
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: _apply(settings, group),
    )
    readers = [_Reader(process.stdout), _Reader(process.stderr)]
    timed_out, stopped = False, ""
    watch = Watch(process.pid, bounds.processes, bounds.disk_mb, places)
    try:
        while not (timed_out or stopped):
            left = began + bounds.seconds - time.monotonic() if bounds.seconds > 0 else TICK
            try:
                process.wait(timeout=min(TICK, max(left, 0.0)))
                break
            except subprocess.TimeoutExpired:
                timed_out = left <= TICK and bounds.seconds > 0
                stopped = watch.excess()
        if not stopped and group is not None and refused(group):
            stopped = too_many(bounds.processes)
    finally:
        _end(process.pid, mark.encode())
        process.wait()
    out, err = (reader.text() for reader in readers)
    return Ended(process.returncode, out, err, time.monotonic() - began, timed_out and not stopped, stopped)


def _settings(bounds: Bounds) -> tuple[tuple[int, int], ...]:
    threads = _own_threads() + bounds.processes if bounds.processes and os.getuid() else 0
    wanted = (
        (resource.RLIMIT_AS, bounds.memory_mb * _MEGABYTE),
        (resource.RLIMIT_FSIZE, bounds.file_mb * _MEGABYTE),
        (resource.RLIMIT_NPROC, threads),
    )
    return (*((which, value) for which, value in wanted if value), (resource.RLIMIT_CORE, 0))


def _apply(settings: Sequence[tuple[int, int]], group: Path | None) -> None:
    if group is not None:
        join(group)
    for which, value in settings:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (value, value))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("1000")


def _own_threads() -> int:
    """Return the number of threads that this user runs already: the kernel's limit counts them too."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                count += sum(1 for _ in (folder / "task").iterdir())
    return count


def _end(pid: int, mark: bytes) -> None:
    """Kill a process, its group, every descendant, and every process that carries the mark."""
    for child in (*reversed(descendants(pid)), pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for child in _marked(mark):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)


def _marked(mark: bytes) -> Iterator[int]:
    """Yield the processes that carry a variable in their environment."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


class _Reader:
    """Reads a pipe to its end in a thread, and keeps its beginning and its end, bounded."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._pipe = pipe
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while self._pipe and (chunk := self._pipe.read1(65536)):  # type: ignore[attr-defined]
            room = MAX_OUTPUT // 2 - len(self._head)
            self._head += chunk[: max(0, room)]
            self._tail += chunk[max(0, room) :]
            del self._tail[: -MAX_OUTPUT // 2]

    def text(self) -> str:
        """Return what was read; a pipe that a stray process holds open is not waited for."""
        self._thread.join(timeout=5)
        if self._pipe and not self._thread.is_alive():
            self._pipe.close()
        return (bytes(self._head) + bytes(self._tail)).decode("utf-8", errors="replace")
