"""The layers of the sandbox, strongest first: bubblewrap, namespaces, resource limits alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_HIDDEN = (".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".config/gcloud", ".config/gh", ".kaggle")
_NAMESPACES = (
    ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"),
    ("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"),
)
_LOOPBACK_UP = (
    "import fcntl, os, socket, struct, sys\n"
    "s = socket.socket(); fcntl.ioctl(s, 0x8914, struct.pack('16sh22x', b'lo', 0x41)); s.close()\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)


@cache
def best_layer() -> str:
    """Return the strongest sandbox layer that works here: `bubblewrap`, `namespaces` or `limits`."""
    if shutil.which("bwrap") and _works([*bubblewrap((), ()), "--", "true"]):
        return "bubblewrap"
    return "namespaces" if _unshare() else "limits"


def bubblewrap(writable: Sequence[Path], shown: Sequence[Path]) -> list[str]:
    """Return the command that runs what follows it without network, with a view of its own on the files.

    Everything is read-only but `writable`; scratch folders are empty; the hidden folders and files of the user's home,
    where programs keep their secrets, are empty too, save those that hold what must be shown.

    Args:
        writable: Folders that can be written.
        shown: Folders that must be seen wherever they lie.
    """
    arguments = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/"]
    arguments += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/dev/shm", "--tmpfs", "/run"]
    kept = {place for path in (*shown, *writable) for place in (path.absolute(), path.resolve())}
    for path in _secrets(Path.home(), kept):
        arguments += _emptied(path)
    for path in dict.fromkeys(shown):
        if path.exists() and path.resolve().is_relative_to("/tmp"):
            arguments += ["--ro-bind", str(path), str(path)]
    for folder in dict.fromkeys((*shown, Path.home())):
        for path in _environment_files(folder):
            arguments += _emptied(path)
    for path in writable:
        arguments += ["--bind", str(path), str(path)]
    return arguments


def namespaces(loopback: bool) -> list[str]:
    """Return the command that runs what follows it without network and in a process tree of its own.

    Args:
        loopback: Bring the loopback interface up.
    """
    start = [sys.executable, "-I", "-S", "-c", _LOOPBACK_UP] if loopback else []
    return [*_unshare(), "--", *start]


@cache
def _unshare() -> tuple[str, ...]:
    if not shutil.which("unshare"):
        return ()
    return next((command for command in _NAMESPACES if _works([*command, "--", "true"])), ())


def _works(argv: Sequence[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _secrets(home: Path, kept: set[Path]) -> list[Path]:
    """Return what is hidden in a home folder, looking into the folders that hold what must be seen."""
    try:
        entries = sorted(path for path in home.iterdir() if path.name.startswith("."))
    except OSError:
        return []
    found = []
    for entry in entries:
        if any(place.is_relative_to(entry) for place in kept):
            found += [home / name for name in _HIDDEN if (home / name).is_relative_to(entry)]
        else:
            found.append(entry)
    return found


def _emptied(path: Path) -> list[str]:
    if path.is_symlink() or not path.exists():
        return []
    return ["--tmpfs", str(path)] if path.is_dir() else ["--ro-bind", os.devnull, str(path)]


def _environment_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob(".env*") if path.is_file())
    except OSError:
        return []
