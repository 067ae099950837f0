"""The real command line, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def sentences(self) -> list[str]:
        """The lines that the command itself wrote about its failure."""
        return [line for line in self.stderr.splitlines() if line.startswith("ml-productionize: ")]


def command(home: Path, *arguments: object, seconds: float = 300) -> Ended:
    """Run `ml-productionize` with its state below `home`, where it also stands."""
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "ML_PRODUCTIONIZE_HOME": str(home / "state"),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [sys.executable, "-m", "graph.cli", *map(str, arguments)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def notebook(path: Path, cells: Sequence[str], kernel: str = "python3", language: str = "python") -> Path:
    """Write a notebook of code cells."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    made = new_notebook(
        cells=[new_code_cell(source, id=f"cell{number}") for number, source in enumerate(cells, 1)],
        metadata={
            "kernelspec": {"name": kernel, "display_name": kernel, "language": language},
            "language_info": {"name": language},
        },
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path
