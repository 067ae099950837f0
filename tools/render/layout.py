"""Formats rendered Python: ruff's layout, sorted imports, no unused ones."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import UserError

_OPTIONS = ("--isolated", "--no-cache", "--quiet")
LINE_LENGTH = ("--line-length", "120")
FIXES = ("--select", "I,F401,F811")


def formatted(files: Mapping[str, str], fixes: Sequence[str] = FIXES) -> dict[str, str]:
    """Return the files with their Python sources laid out as the generated repository's lint wants them.

    Args:
        files: Text by path; what is no Python comes back unchanged, and so does what does not parse.
        fixes: Options of `ruff check` that choose the safe fixes to make.

    Raises:
        UserError: If ruff cannot be run.
    """
    sources = {path: text for path, text in files.items() if path.endswith(".py")}
    if not sources:
        return dict(files)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in sources.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        first_party = sorted({path.split("/")[0] for path in files} | {"src"})
        config = f"lint.isort.known-first-party = [{', '.join(repr(name) for name in first_party)}]"
        _ruff(root, "check", "--fix", "--exit-zero", *fixes, "--config", config)
        _ruff(root, "format", *LINE_LENGTH)
        return dict(files) | {path: (root / path).read_text(encoding="utf-8") for path in sources}


def _ruff(root: Path, command: str, *arguments: str) -> None:
    argv = [sys.executable, "-m", "ruff", command, *_OPTIONS, *arguments, "."]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 2):
        raise UserError(
            f"ruff {command} could not be run: {done.stderr.strip()[:300]}; is ruff installed beside this tool?"
        )
