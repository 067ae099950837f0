"""Tells when a process tree takes more than its share: of processes, memory or disk."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

SHARE = 0.9
"""Of the machine's memory, for all processes of one run together."""
_MEGABYTE = 1024 * 1024
_CGROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they did, parents first."""
    found: list[int] = []
    level = [pid]
    while level:
        level = [child for parent in level for child in _children(parent)]
        found += level
    return found


def too_many(processes: int) -> str:
    """Return what is said of a tree with more processes than it may have."""
    return f"more than {processes} processes (limits.processes)"


class Watch:
    """Watches a process tree; the kernel's own limits count neither root's processes nor a tree as a whole.

    Args:
        pid: Root of the tree.
        processes: Number of processes that it may have; 0 for any.
        disk_mb: What it may write in all, in MiB; 0 for any.
        places: Folders that it may write.
    """

    def __init__(self, pid: int, processes: int, disk_mb: int, places: Sequence[Path]) -> None:
        self._pid = pid
        self._processes = processes
        self._disk = disk_mb * _MEGABYTE
        self._places = [place for place in dict.fromkeys(places) if place.is_dir()]
        self._before = sum(map(_size, self._places)) if disk_mb else 0
        self._free = self._free_bytes()
        self._memory = int(SHARE * _machine_memory())

    def excess(self) -> str:
        """Say which share the tree exceeds, or return an empty string."""
        tree = descendants(self._pid)
        if self._processes and len(tree) > self._processes:
            return too_many(self._processes)
        if sum(_resident(pid) for pid in tree) > self._memory and sum(_own(pid) for pid in tree) > self._memory:
            return f"more than {self._memory // _MEGABYTE} MB of memory, which is {SHARE:.0%} of what there is"
        if self._disk and self._free - self._free_bytes() > self._disk:
            if sum(map(_size, self._places)) - self._before > self._disk:
                return f"more than {self._disk // _MEGABYTE} MB were written (limits.disk_mb)"
            self._free = self._free_bytes()
        return ""

    def _free_bytes(self) -> int:
        """Return the free space of the file systems that can be written; those that are gone count as nothing."""
        free: dict[int, int] = {}
        for place in self._places:
            with contextlib.suppress(OSError):
                state = os.statvfs(place)
                free[place.stat().st_dev] = state.f_bavail * state.f_frsize
        return sum(free.values())


def _children(pid: int) -> list[int]:
    """Return the processes that a process started; it, or a thread of it, may end while one looks."""
    tasks: list[Path] = []
    found: list[int] = []
    with contextlib.suppress(OSError):
        tasks += Path(f"/proc/{pid}/task").iterdir()
    for task in tasks:
        with contextlib.suppress(OSError, ValueError):
            found += map(int, (task / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _own(pid: int) -> int:
    """Return the memory of a process in which what it shares with others counts by its part."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)


def _machine_memory() -> int:
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _CGROUP:
        with contextlib.suppress(OSError, ValueError):
            found.append(int(path.read_text()))
    return min(found)


def _size(folder: Path) -> int:
    """Return the bytes that the files below a folder take on disk."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(place) / name).lstat().st_blocks * 512
    return total
