"""What a statement did to files and to process state, watched from inside."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

from .fingerprint import fingerprint

_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_MADE = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree", "shutil.move", "shutil.copyfile"}


class Files:
    """Collects the files opened since it was last asked.

    Args:
        root: Folder below which files are the experiment's own.
        home: Folder of the sandbox, whose files do not count.
    """

    def __init__(self, root: str, home: str) -> None:
        self.root = os.path.abspath(root)
        self.ignored = tuple(
            os.path.abspath(p) + os.sep
            for p in {
                sys.prefix,
                sys.base_prefix,
                sys.exec_prefix,
                home,
                "/proc",
                "/dev",
                "/sys",
                "/etc",
                "/usr",
                "/lib",
                "/run",
            }
            if p and not self.root.startswith(os.path.abspath(p) + os.sep)
        )
        self.reads: list[str] = []
        self.writes: list[str] = []
        self.active = False
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.active:
            return
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            self.note(arguments[0], bool(flags & _WRITE) or any(c in str(arguments[1] or "") for c in "wax+"))
        elif event in _MADE:
            for path in arguments[:2]:
                if isinstance(path, (str, bytes)):
                    self.note(path, True)

    def note(self, path: Any, written: bool) -> None:
        text = os.path.abspath(os.fsdecode(path))
        name = os.path.basename(text)
        if text.startswith(self.ignored) or "site-packages" in text or name.endswith((".pyc", ".so")):
            return
        if name.endswith(".py") and not written:
            return
        found = self.writes if written else self.reads
        if text not in found:
            found.append(text)

    def take(self) -> tuple[list[str], list[str]]:
        """Return (read, written) since the last call."""
        reads, writes = self.reads, self.writes
        self.reads, self.writes = [], []
        return [p for p in reads if os.path.isfile(p)], writes


def process_state() -> dict[str, str]:
    """Return a digest of each kind of process state that a statement can change."""
    state = {
        "cwd": os.getcwd(),
        "environ": fingerprint(dict(os.environ)),
        "sys.path": fingerprint(list(sys.path)),
        "warnings": fingerprint([repr(entry) for entry in warnings.filters]),
    }
    pandas, numpy, matplotlib = (sys.modules.get(name) for name in ("pandas", "numpy", "matplotlib"))
    if numpy is not None and hasattr(numpy, "get_printoptions"):
        state["numpy print options"] = repr(numpy.get_printoptions())
    if pandas is not None and hasattr(pandas, "_config"):
        config = getattr(pandas._config.config, "_global_config", None)
        state["pandas options"] = repr(config)
    if matplotlib is not None and hasattr(matplotlib, "rcParams"):
        state["matplotlib rc"] = str(len(str(dict.items(matplotlib.rcParams)))) + fingerprint(
            [repr(item) for item in dict.items(matplotlib.rcParams)]
        )
    return state
