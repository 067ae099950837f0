"""What the team's conventions ask for and ruff can judge, ruff judges, whatever the project's own lint settings are."""

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from guardrails.conventions import ConventionLine
from guardrails.rules.model import Example, Finding, Rule, Subject
from tools.sandbox import Limits, run

WORDS: tuple[tuple[str, str], ...] = (
    (r"bare except", "E722"),
    (r"\b(blind|broad) except", "BLE001"),
    (r"\beval\b", "S307"),
    (r"\bexec\b", "S102"),
    (r"\bpickle", "S301"),
    (r"mutable default", "B006"),
    (r"\btodos?\b|\bfixmes?\b", "FIX"),
    (r"commented.out code", "ERA001"),
    (r"\basserts?\b", "S101"),
    (r"unused import", "F401"),
    (r"unused variable", "F841"),
    (r"sorted imports|import order|isort", "I001"),
    (r"snake.?case|naming convention|pep ?8 nam", "N"),
    (r"\bpathlib\b", "PTH"),
    (r"complexity", "C901"),
    (r"line length|characters a line|long lines", "E501"),
    (r"shadow\w* built-?in", "A001"),
    (r"\bshell=true\b", "S602"),
    (r"inplace", "PD002"),
)
"""Words of a line of the conventions, and the codes of ruff that judge it."""


def codes_of(line: ConventionLine) -> tuple[str, ...]:
    """Return the codes of ruff that judge a line."""
    if line.section == "structure":
        return ()
    return tuple(code for words, code in WORDS if re.search(words, line.text, re.IGNORECASE))


def find(subject: Subject) -> list[Finding]:
    """Return what ruff finds in the package; what is prohibited blocks, what is asked for is a warning.

    Args:
        subject: The repository.
    """
    prohibited = {code for line in subject.conventions if line.section == "prohibited" for code in codes_of(line)}
    codes = sorted({code for line in subject.conventions for code in codes_of(line)})
    sources = {path: text for path, text in subject.files.items() if path.startswith("src/") and path.endswith(".py")}
    found = []
    for path, line, code, message in _ruff(sources, codes) if codes and sources else ():
        blocks = any(code.startswith(prefix) for prefix in prohibited)
        found.append(Finding(path, line, f"{code}: {message}", "error" if blocks else "warning"))
    return found


def _ruff(sources: dict[str, str], codes: Sequence[str]) -> list[tuple[str, int, str, str]]:
    with tempfile.TemporaryDirectory(prefix="lint-") as folder:
        root = Path(folder).resolve()
        for path, text in sources.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        argv = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format", "json"]
        argv += ["--line-length", "120", "--select", ",".join(codes), "."]
        done = run(argv, cwd=root, limits=Limits(seconds=120))
        try:
            items = json.loads(done.stdout)
        except ValueError:
            return []
        return [
            (
                Path(item["filename"]).relative_to(root).as_posix(),
                int((item.get("location") or {"row": 0})["row"]),
                str(item.get("code") or "invalid-syntax"),
                str(item["message"]),
            )
            for item in items
        ]


RULE = Rule(
    "G015",
    "linted-conventions",
    find,
    example=Example(
        "src/data/loader.py",
        "try:\n    read()\nexcept:\n    pass\n",
        "try:\n    read()\nexcept OSError:\n    pass\n",
        conventions="## Prohibited\n- No bare except\n",
    ),
    checks=lambda line: bool(codes_of(line)),
)
