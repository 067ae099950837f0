"""The layers of the sandbox, strongest first: bubblewrap, namespaces, resource limits alone."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_HIDDEN = (".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".config/gcloud", ".config/gh", ".kaggle")
_APART = ("--net", "--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc")
_NAMESPACES = (("unshare", *_APART), ("unshare", "--user", "--map-root-user", *_APART))
_MOUNTS = Path(__file__).parent / "mounts.py"
ISOLATED = frozenset({"bubblewrap", "namespaces"})
"""Layers without network, in which nothing but the scratch folders can be written."""


@cache
def best_layer() -> str:
    """Return the strongest sandbox layer that works here: `bubblewrap`, `namespaces` or `limits`."""
    if shutil.which("bwrap") and _works([*bubblewrap((), ()), "--", "true"]):
        return "bubblewrap"
    return "namespaces" if unshare() else "limits"


def bubblewrap(writable: Sequence[Path], shown: Sequence[Path], hidden: Sequence[Path] = ()) -> list[str]:
    """Return the command that runs what follows it without network, with a view of its own on the files.

    Everything is read-only but `writable`; scratch folders are empty; the hidden folders and files of the user's home,
    where programs keep their secrets, are empty too, save those that hold what must be shown. No privilege is left
    and the kernel's own files are read-only, so that a run as root cannot undo any of this.

    Args:
        writable: Folders that can be written.
        shown: Folders that must be seen wherever they lie.
        hidden: Files and folders that are empty.
    """
    room = str(_memory() // 4)
    arguments = ["bwrap", "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    arguments += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"]
    for folder in ("/tmp", "/dev/shm", "/run"):
        arguments += ["--size", room, "--tmpfs", folder]
    for path in dict.fromkeys(shown):
        if path.exists() and path.resolve().is_relative_to("/tmp"):
            arguments += ["--ro-bind", str(path), str(path)]
    for path in concealed(writable, shown, hidden):
        arguments += ["--tmpfs", str(path)] if path.is_dir() else ["--ro-bind", os.devnull, str(path)]
    for path in writable:
        arguments += ["--bind", str(path), str(path)]
    return arguments


def namespaces(
    writable: Sequence[Path], shown: Sequence[Path], hidden: Sequence[Path], cwd: Path, plan: Path, *, loopback: bool
) -> list[str]:
    """Return the command that runs what follows it without network, in a process tree and a view of its own.

    Args:
        writable: Folders that can be written.
        shown: Folders that must be seen wherever they lie.
        hidden: Files and folders that are empty.
        cwd: Working directory.
        plan: Where the description of the view is written.
        loopback: Bring the loopback interface up.
    """
    view = {
        "writable": [str(path) for path in writable],
        "shown": [str(path) for path in dict.fromkeys(shown)],
        "hidden": [str(path) for path in concealed(writable, shown, hidden)],
        "cwd": str(cwd),
        "loopback": loopback,
    }
    plan.write_text(json.dumps(view))
    return [*unshare(), "--", sys.executable, "-I", "-S", str(_MOUNTS), str(plan)]


def concealed(writable: Sequence[Path], shown: Sequence[Path], hidden: Sequence[Path]) -> list[Path]:
    """Return what is empty in the sandbox: what was asked for, and what a home folder keeps secret."""
    kept = {place for path in (*shown, *writable) for place in (path.absolute(), path.resolve())}
    found = [*_secrets(Path.home(), kept), *hidden]
    for folder in dict.fromkeys((*shown, Path.home())):
        found += _environment_files(folder)
    there = (path for path in dict.fromkeys(found) if path.exists() and not path.is_symlink())
    return [path for path in there if not any(place.is_relative_to(path) for place in kept)]


@cache
def unshare() -> tuple[str, ...]:
    """Return the command that makes namespaces here; empty where none does."""
    if not shutil.which("unshare"):
        return ()
    with tempfile.TemporaryDirectory(prefix="sandbox-try-") as folder:
        plan = Path(folder, "plan.json")
        plan.write_text(json.dumps({"writable": [folder], "shown": [], "hidden": [], "cwd": folder, "loopback": False}))
        tried = (sys.executable, "-I", "-S", str(_MOUNTS), str(plan), shutil.which("true") or "/bin/true")
        return next((command for command in _NAMESPACES if _works([*command, "--", *tried])), ())


def _memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


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


def _environment_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob(".env*") if path.is_file())
    except OSError:
        return []
