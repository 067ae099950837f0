"""Formats generated modules with ruff: imports sorted, unused ones gone, lines laid out."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SETTINGS = """line-length = 120
[lint]
select = ["I", "F401", "UP", "C4", "SIM", "RUF010", "RUF100", "E70", "W", "RET"]
ignore = ["RET501", "RET503", "RET504", "RET505", "SIM115"]
[lint.isort]
known-first-party = ["src"]
"""


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files with their Python formatted and safe lint fixes made; what does not parse stays as it is."""
    with tempfile.TemporaryDirectory(prefix="format-") as name:
        folder = Path(name)
        python = sorted(path for path in files if path.endswith(".py"))
        for path in python:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(files[path], encoding="utf-8")
        (folder / "ruff.toml").write_text(SETTINGS)
        for command in (["check", "--fix", "-q"], ["format", "-q"]):
            subprocess.run(
                [sys.executable, "-m", "ruff", *command, "--config", "ruff.toml", "--no-cache", "."],
                cwd=folder,
                capture_output=True,
                timeout=120,
                check=False,
            )
        changed = {path: (folder / path).read_text(encoding="utf-8") for path in python}
    return {**files, **changed}
