"""What a statement did to files and to process state, watched from inside."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import warnings
from typing import Any

_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGED = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.rmtree", "shutil.move"}
_SAVING = ("to_", "save", "dump", "write", "export", "download", "extract", "copy", "open", "system", "run")
_READING = ("read", "load", "open", "imread", "File", "connect")
MAX_SCANNED = 3000


class Files:
    """Collects the files opened since it was last asked.

    A file of the user's that is only linked into the scratch folder becomes a copy at the moment it is to be written; a
    write to the original folder itself is refused.

    Args:
        root: Scratch folder below which files are the experiment's own.
        original: The folder that it stands for.
    """

    def __init__(self, root: str, original: str) -> None:
        self.root = os.path.realpath(root) + os.sep
        self.original = os.path.realpath(original) + os.sep
        places = {
            sys.prefix,
            sys.base_prefix,
            sys.exec_prefix,
            os.environ.get("HOME", ""),
            os.environ.get("TMPDIR", ""),
        }
        places |= {"/proc", "/dev", "/sys", "/etc", "/usr", "/lib", "/run"}
        absolute = {os.path.abspath(place) + os.sep for place in places if place}
        self.ignored = tuple(
            sorted(p for p in absolute if not self.root.startswith(p) and not self.original.startswith(p))
        )
        self.reads: dict[str, None] = {}
        self.writes: dict[str, None] = {}
        self.active = False
        self.known: dict[str, tuple[int, int]] = {}
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Notice one event of the interpreter."""
        if not self.active:
            return
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            written = bool(flags & _WRITE) or any(letter in str(arguments[1] or "") for letter in "wax+")
            self.note(os.fsdecode(arguments[0]), written, bool(flags & os.O_TRUNC))
        elif event in _CHANGED:
            for path in arguments[:2]:
                if isinstance(path, (str, bytes)):
                    self.note(os.fsdecode(path), True, True)
        elif event == "sqlite3.connect" and isinstance(arguments[0], str) and arguments[0] != ":memory:":
            self.note(arguments[0], False, False)

    def note(self, path: str, written: bool, whole: bool) -> None:
        """Note a file read or written.

        Args:
            path: As the code names it.
            written: It is opened for writing, made, moved or removed.
            whole: Its old content does not matter.
        """
        text = os.path.abspath(path)
        name = os.path.basename(text)
        if text.startswith(self.ignored) or "-packages" + os.sep in text or name.endswith((".pyc", ".so")):
            return
        if name.endswith(".py") and not written:
            return
        if written:
            self.protect(text, whole)
        elif text in self.writes:
            return
        (self.writes if written else self.reads)[text] = None

    def protect(self, path: str, whole: bool) -> None:
        """Put a copy where a linked file is to be written; refuse a write to the original."""
        real = os.path.realpath(path)
        if not real.startswith(self.original) or real.startswith(self.root):
            return
        if not path.startswith(self.root) or not os.path.islink(path):
            raise PermissionError(f"{path} belongs to the original folder, which a run never changes")
        self.active = False
        try:
            os.unlink(path)
            if not whole:
                shutil.copyfile(real, path)
        finally:
            self.active = True

    def take(self, code: str, values: list[Any]) -> tuple[list[str], list[str]]:
        """Return (read, written) since the last call.

        Args:
            code: The statement: when it may save something, its folder is looked through as well, since compiled
                libraries open files unseen.
            values: What its names and literals stand for: existing files that a reading statement names count as read.
        """
        reads, writes = list(self.reads), list(self.writes)
        self.reads, self.writes = {}, {}
        if any(word in code for word in _READING):
            for value in values:
                path = self.file_named(value)
                if path and path not in reads and path not in writes:
                    reads.append(path)
        if any(word in code for word in _SAVING):
            writes += [path for path in self.changed() if path not in writes]
        return [path for path in reads if os.path.isfile(path)], writes

    def file_named(self, value: Any) -> str:
        """Return the path of an existing file of the experiment's that a value names, else an empty string."""
        if not isinstance(value, (str, os.PathLike)) or len(str(value)) > 400 or not str(value).strip():
            return ""
        with contextlib.suppress(OSError, ValueError, TypeError):
            path = os.path.abspath(os.fspath(value))
            if path.startswith((self.root, self.original)) and os.path.isfile(path) and not path.endswith(".py"):
                return path
        return ""

    def changed(self) -> list[str]:
        """Return the files below the scratch folder that were made or changed since this was last asked."""
        found: dict[str, tuple[int, int]] = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                with contextlib.suppress(OSError):
                    status = os.lstat(os.path.join(folder, name))
                    found[os.path.join(folder, name)] = (status.st_mtime_ns, status.st_size)
            if len(found) > MAX_SCANNED:
                break
        known, self.known = self.known, found
        return [path for path, status in found.items() if known.get(path) != status]


def process_state() -> dict[str, Any]:
    """Return each kind of process state that a statement can change, to be compared."""
    state: dict[str, Any] = {
        "cwd": os.getcwd(),
        "environ": dict(os.environ),
        "sys.path": list(sys.path),
        "warnings": list(warnings.filters),
    }
    pandas, numpy, matplotlib, logging = (
        sys.modules.get(name) for name in ("pandas", "numpy", "matplotlib", "logging")
    )
    if numpy is not None and hasattr(numpy, "get_printoptions"):
        state["numpy print options"] = repr(numpy.get_printoptions())
    if pandas is not None and hasattr(pandas, "_config"):
        state["pandas options"] = repr(getattr(pandas._config.config, "_global_config", None))
    if matplotlib is not None and hasattr(matplotlib, "rcParams"):
        state["matplotlib rc"] = {k: v for k, v in dict.items(matplotlib.rcParams) if not k.startswith("backend")}
    if logging is not None:
        root = logging.getLogger()
        state["logging"] = (root.level, len(root.handlers), root.manager.disable)
    return state


_SPOKEN = {
    "environ": ("environ", "putenv", "load_dotenv"),
    "warnings": ("warn", "filter"),
    "sys.path": ("path",),
    "logging": ("logg", "basicConfig"),
    "pandas options": ("option",),
    "matplotlib rc": ("rc", "style", "set", "theme", "context", "palette"),
}


def changes(before: dict[str, Any], after: dict[str, Any], words: str, loaded: bool) -> list[str]:
    """Return the kinds of state that a statement changed, sorted.

    Args:
        before: State before it.
        after: State after it.
        words: Its code and all the names that it reaches.
        loaded: It loaded modules: what these change while they load counts only where the statement speaks of it.
    """
    found = []
    for name, value in after.items():
        if before.get(name, value) == value:
            continue
        if not loaded or name not in _SPOKEN or any(word in words for word in _SPOKEN[name]):
            found.append(name)
    return sorted(found)
