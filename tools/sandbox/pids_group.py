"""A control group that bounds the tasks of a process tree: the kernel's own limit does not hold for root.

A program that forks without end fills the machine's table of processes faster than any watcher can look. Where the
`pids` controller can be written (root, cgroup v1 or v2), the kernel refuses the fork; elsewhere the limit of the user
(`RLIMIT_NPROC`) does.
"""

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

_HOMES = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
_TASKS_PER_PROCESS = 4
_SPARE = 64
"""Tasks beyond the limit, so that the watcher sees more processes than allowed and can say so."""


@contextlib.contextmanager
def pids_group(processes: int) -> Iterator[Path | None]:
    """Make a group and remove it with all that is left in it; yields None where none can be made.

    Args:
        processes: Number of processes that the tree may have; 0 for any.
    """
    group = _made(processes) if processes else None
    try:
        yield group
    finally:
        if group is not None:
            _removed(group)


def join(group: Path) -> None:
    """Put the calling process into a group."""
    with contextlib.suppress(OSError):
        (group / "cgroup.procs").write_text("0", encoding="ascii")


def refused(group: Path) -> bool:
    """Tell whether the kernel has refused a fork in a group."""
    with contextlib.suppress(OSError):
        return "max 0" not in (group / "pids.events").read_text(encoding="ascii").splitlines()
    return False


def _made(processes: int) -> Path | None:
    for home in _HOMES:
        group = home / f"sandbox-{uuid.uuid4().hex}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            if not (group / "pids.max").exists():
                raise OSError("no pids controller here")
            (group / "pids.max").write_text(str(processes * _TASKS_PER_PROCESS + _SPARE), encoding="ascii")
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        return group
    return None


def _removed(group: Path) -> None:
    """Kill what is left and remove the group; a killed process leaves it a moment later."""
    for _ in range(100):
        with contextlib.suppress(OSError, ValueError):
            for line in (group / "cgroup.procs").read_text(encoding="ascii").split():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(line), signal.SIGKILL)
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.02)
        else:
            return
