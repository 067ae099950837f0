"""The seed is a setting, and the package uses it."""

import ast
import re

from guardrails.rules.model import Example, Finding, Rule, Subject

SETTINGS = "configs/default.yaml"


def find(subject: Subject) -> list[Finding]:
    """Return a seed that is configured and never read.

    Args:
        subject: The repository.
    """
    match = re.search(r"^seed:", subject.files.get(SETTINGS, ""), re.MULTILINE)
    if not match:
        return []
    used = any(isinstance(node, ast.Attribute) and node.attr == "seed" for _, node in subject.nodes())
    line = subject.files[SETTINGS].count("\n", 0, match.start()) + 1
    return [] if used else [Finding(SETTINGS, line, "`seed` is never read: seed the generators with it")]


RULE = Rule(
    "G012",
    "seeded",
    find,
    example=Example(SETTINGS, "seed: 42\n", ""),
    words=(r"\bseed", r"reproducib"),
)
