"""No absolute path: the repository runs where it is cloned."""

import ast
import re

from guardrails.rules.model import Example, Finding, Rule, Subject

_PATH = re.compile(r"^(/(?!dev/null$)[\w.~-]+(/[\w. ~-]+)+/?|[A-Za-z]:[\\/][\w]|~[\w]*/)")
_IN_TEXT = re.compile(r"(?:^|[\s=:\"'])(/(?:home|Users|root|mnt|content|kaggle|tmp|data|opt|var|srv)/[\w./-]+)")
_TEXTS = ("configs/", "MLproject", "Makefile", "requirements", "pipelines/")


def find(subject: Subject) -> list[Finding]:
    """Return the absolute paths in code and settings.

    Args:
        subject: The repository.
    """
    found = [
        Finding(path, node.lineno, f"absolute path {node.value!r}: make it a setting, relative to the repository")
        for path, node in subject.nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH.match(node.value)
    ]
    for path, text in sorted(subject.files.items()):
        if path.startswith(_TEXTS):
            for number, line in enumerate(text.splitlines(), start=1):
                match = _IN_TEXT.search(line.partition(" #")[0])
                if match and not line.lstrip().startswith("#"):
                    found.append(Finding(path, number, f"absolute path {match[1]!r}: make it relative"))
    return found


RULE = Rule(
    "G005",
    "no-absolute-path",
    find,
    example=Example("src/data/loader.py", 'PATH = "/home/ann/data.csv"\n', 'PATH = "data/data.csv"\n'),
    words=(r"absolute paths?", r"hard-?coded paths?", r"relative paths?"),
)
