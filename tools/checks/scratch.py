"""Copies of the tree under check: foreign code never writes into the tree itself."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEFT_OUT = shutil.ignore_patterns(
    ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "artifacts", "mlruns", "mlflow.db"
)


@contextmanager
def scratch_copy(tree: Path) -> Iterator[Path]:
    """Yield the path of a copy of a tree that is gone afterwards.

    Args:
        tree: The tree; caches and artefacts are left out.
    """
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(tree, copy, ignore=_LEFT_OUT)
        yield copy


def python_files(tree: Path) -> list[str]:
    """Return the Python files of a tree, sorted."""
    return sorted(
        path.relative_to(tree).as_posix()
        for top in ("src", "tests", "pipelines")
        for path in (tree / top).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def relative(path: str, tree: Path) -> str:
    """Return a path as the tree has it."""
    prefix = f"{tree.resolve()}/"
    return path.removeprefix(prefix).removeprefix(f"{tree}/").removeprefix("./")
