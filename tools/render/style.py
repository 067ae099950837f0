"""Matters of style in the author's own lines: they survive as written, so their rules are off in that file."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

STYLE = ("C4", "SIM", "PTH", "RUF005", "RUF015", "RUF046", "B007", "B905", "E731", "E741", "UP031", "UP032")
"""Rules whose findings change how a line reads, never what it does."""


def styles(tree: Mapping[str, str], pyproject: str) -> dict[str, tuple[str, ...]]:
    """Return the codes of style that ruff finds in each file of `src`, sorted.

    Args:
        tree: All text files by path.
        pyproject: The settings that ruff is run with.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pyproject.toml").write_text(pyproject, encoding="utf-8")
        for path, text in tree.items():
            if path.startswith("src/") and path.endswith(".py"):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
        argv = [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--quiet",
            "--exit-zero",
            "--output-format",
            "json",
        ]
        done = subprocess.run([*argv, "src"], cwd=root, capture_output=True, text=True, timeout=120, check=False)
        try:
            findings = json.loads(done.stdout or "[]")
        except ValueError:
            return {}
        found: dict[str, set[str]] = {}
        for finding in findings:
            code = finding.get("code") or ""
            if code.startswith(STYLE):
                path = Path(finding["filename"]).resolve().relative_to(root.resolve()).as_posix()
                found.setdefault(path, set()).add(code)
    return {path: tuple(sorted(codes)) for path, codes in sorted(found.items())}
