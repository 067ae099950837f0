"""Every requirement has one exact version."""

import re

from guardrails.rules.model import Example, Finding, Rule, Subject

_PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[^]]+\])?==\S+(\s*;.*)?$")


def find(subject: Subject) -> list[Finding]:
    """Return the requirements without an exact version.

    Args:
        subject: The repository.
    """
    found = []
    for path in ("requirements.txt", "requirements-dev.txt"):
        for number, line in enumerate(subject.files.get(path, "").splitlines(), start=1):
            text = line.partition(" #")[0].strip()
            if text and not text.startswith(("#", "-")) and not _PINNED.match(text):
                found.append(Finding(path, number, f"`{text}` is not pinned: write name==version"))
    return found


RULE = Rule(
    "G002",
    "pinned-requirements",
    find,
    example=Example("requirements.txt", "pandas>=2\n", "pandas==2.3.1\n"),
    words=(r"\bpin(ned|s)?\b", r"exact versions?"),
)
