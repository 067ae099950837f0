"""A scratch copy of the notebook's surroundings: what it reads is there, and nothing it does reaches the original."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.frozen import Frozen
from tools.notebook.model import Notebook
from tools.sandbox import ISOLATED, best_layer

COPIED_BYTES = 20_000_000
ALL_BYTES = 500_000_000
WITHOUT_ISOLATION = 5_000_000_000
MAX_FILES = 20_000
MAX_LEVELS = 4
_SKIPPED = {"__pycache__", "node_modules", "site-packages"}
_PARENT = re.compile(r"""["'/](\.\.(?:/\.\.)*)(?:/|["'])""")
_HERE = re.compile(r"cwd\(\)|resolve\(\)|absolute\(\)|abspath|Path\(\)|Path\(['\"]\.['\"]\)")
_CHAIN = re.compile(r"(?:\.parent\b)+")
_NUMBERED = re.compile(r"\.parents\[(\d)\]")


class Layout(Frozen):
    """Where a run takes place.

    Attributes:
        root: Scratch folder that stands for the topmost folder the notebook reaches with `..`.
        cwd: Scratch folder that stands for the notebook's own.
        original: The folder that `root` stands for.
    """

    root: Path
    cwd: Path
    original: Path


def lay_out(notebook: Notebook, scratch: Path, hidden: Sequence[str] = ()) -> Layout:
    """Copy the notebook's folder, and the folders above it that it reaches; large files are links to the originals.

    Every folder is real, so that files can be made anywhere. A link becomes a copy when the notebook opens it for
    writing (the probe sees to that), and the sandbox mounts the originals read-only; without one, more is copied.

    Args:
        notebook: Whose folder it is.
        scratch: An empty folder.
        hidden: Absolute paths of files and folders that are left out, by whatever name they are reached.
    """
    folder = Path(notebook.path).parent
    original = folder
    for _ in range(levels_up(notebook)):
        if original.parent in (Path("/"), Path.home()) or original.parent == original:
            break
        original = original.parent
    root = scratch / "root"
    cwd = root / folder.relative_to(original)
    isolated = best_layer() in ISOLATED
    largest, room = (COPIED_BYTES, ALL_BYTES) if isolated else (WITHOUT_ISOLATION, WITHOUT_ISOLATION)
    copier = _Copier(largest, room, hidden)
    copier.copy(folder, cwd)
    if original != folder:
        copier.copy(original, root)
    return Layout(root=root, cwd=cwd, original=original)


def levels_up(notebook: Notebook) -> int:
    """Return how many folders up the notebook's code reaches, as far as its text tells."""
    code = "\n".join(cell.source for cell in notebook.cells)
    found = [text.count("..") for text in _PARENT.findall(code)]
    if _HERE.search(code):
        found += [text.count(".parent") for text in _CHAIN.findall(code)]
        found += [int(number) + 1 for number in _NUMBERED.findall(code)]
        found += [1] if "os.path.dirname(os.getcwd())" in code else []
    return min(MAX_LEVELS, max(found, default=0))


class _Copier:
    """Copies folders while there is room, and links what is too large.

    Args:
        largest: Size of the largest file that is copied, in bytes.
        room: Bytes copied in all.
        hidden: What is left out.
    """

    def __init__(self, largest: int, room: int, hidden: Sequence[str]) -> None:
        self.largest = largest
        self.room = room
        self.count = 0
        self.hidden = [Path(path) for path in hidden]
        states = [path.stat() for path in self.hidden if path.is_file()]
        self.twins = {(state.st_dev, state.st_ino) for state in states if state.st_nlink > 1}

    def copy(self, source: Path, target: Path) -> None:
        """Copy a folder; what stands in the target already stays."""
        for folder, folders, names in os.walk(source):
            here = target / Path(folder).relative_to(source)
            here.mkdir(parents=True, exist_ok=True)
            kept = [f for f in sorted(folders) if self.belongs(Path(folder) / f)]
            full = self.count > MAX_FILES
            for name in kept:
                if (full or (Path(folder) / name).is_symlink()) and not (here / name).exists():
                    (here / name).symlink_to((Path(folder) / name).resolve())
            folders[:] = [] if full else kept
            for name in sorted(names):
                self.file(Path(folder) / name, here / name)

    def is_hidden(self, path: Path) -> bool:
        """Tell whether a path leads into what is left out, by a symbolic or a hard link too."""
        if not self.hidden:
            return False
        real = path.resolve()
        if any(real.is_relative_to(place) for place in self.hidden):
            return True
        state = real.stat() if self.twins and real.exists() else None
        return state is not None and (state.st_dev, state.st_ino) in self.twins

    def belongs(self, folder: Path) -> bool:
        """Tell whether a folder is looked into: not hidden, no cache, no environment."""
        if self.is_hidden(folder) or folder.name.startswith(".") or folder.name in _SKIPPED:
            return False
        return not (folder / "pyvenv.cfg").exists()

    def file(self, path: Path, target: Path) -> None:
        """Copy or link one file."""
        self.count += 1
        if path.name.startswith(".") or target.exists() or target.is_symlink() or not path.is_file():
            return
        if self.is_hidden(path):
            return
        size = path.stat().st_size
        if self.count > MAX_FILES or size > self.largest or size > self.room:
            target.symlink_to(path.resolve())
        else:
            shutil.copyfile(path, target)
            self.room -= size
