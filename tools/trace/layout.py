"""A scratch copy of the notebook's surroundings: what it reads is there, and nothing it does reaches the original."""

import os
import re
import shutil
from pathlib import Path

from tools.frozen import Frozen
from tools.notebook.model import Notebook

COPIED_BYTES = 20_000_000
MAX_FILES = 20_000
MAX_LEVELS = 4
_SKIPPED = {"__pycache__", "node_modules", "site-packages"}
_PARENT = re.compile(r"""["'/](\.\.(?:/\.\.)*)(?:/|["'])""")


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


def lay_out(notebook: Notebook, scratch: Path) -> Layout:
    """Copy the notebook's folder; large files and everything in the folders above are links to the originals.

    The sandbox mounts the originals read-only, so a write through a link fails instead of changing them.

    Args:
        notebook: Whose folder it is.
        scratch: An empty folder.
    """
    folder = Path(notebook.path).parent
    original = folder
    for _ in range(levels_up(notebook)):
        if original.parent in (Path("/"), Path.home()) or original.parent == original:
            break
        original = original.parent
    root = scratch / "root"
    relative = folder.relative_to(original)
    cwd = root / relative
    cwd.mkdir(parents=True)
    place, mirrored = original, root
    for part in relative.parts:
        _link_all(place, mirrored, besides=part)
        place, mirrored = place / part, mirrored / part
    _copy(folder, cwd)
    return Layout(root=root, cwd=cwd, original=original)


def levels_up(notebook: Notebook) -> int:
    """Return how many folders up the notebook's code reaches."""
    code = "\n".join(cell.source for cell in notebook.cells)
    return min(MAX_LEVELS, max((found.count("..") for found in _PARENT.findall(code)), default=0))


def _link_all(source: Path, target: Path, besides: str) -> None:
    for path in sorted(source.iterdir())[:MAX_FILES]:
        if path.name != besides and not path.name.startswith("."):
            (target / path.name).symlink_to(path)


def _copy(source: Path, target: Path) -> None:
    count = 0
    for folder, folders, names in os.walk(source):
        here = target / Path(folder).relative_to(source)
        folders[:] = sorted(
            f
            for f in folders
            if not f.startswith(".") and f not in _SKIPPED and not (Path(folder) / f / "pyvenv.cfg").exists()
        )
        here.mkdir(exist_ok=True)
        for name in sorted(names):
            count += 1
            path, copied = Path(folder) / name, here / name
            if name.startswith(".") or copied.exists():
                continue
            if count > MAX_FILES or path.is_symlink() or path.stat().st_size > COPIED_BYTES:
                copied.symlink_to(path.resolve())
            elif path.is_file():
                shutil.copyfile(path, copied)
