"""The folders that the team's conventions name are there, and hold something."""

from guardrails.conventions import ConventionLine
from guardrails.rules.model import Example, Finding, Rule, Subject


def find(subject: Subject) -> list[Finding]:
    """Return the folders of the "Structure" section that no file lies in.

    Args:
        subject: The repository.
    """
    return [
        Finding(line.folder, 0, f"{line.folder} holds no file: the conventions name it in line {line.number}")
        for line in subject.conventions
        if checks(line) and not any(path.startswith(line.folder) for path in subject.files)
    ]


def checks(line: ConventionLine) -> bool:
    """Tell whether a line names a folder."""
    return bool(line.folder)


RULE = Rule(
    "G013",
    "team-structure",
    find,
    severity="warning",
    example=Example("docs/index.md", "", "# Index\n", conventions="## Structure\n- docs/ → pages\n"),
    checks=checks,
)
