"""No print in the package: events go to the log."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject


def find(subject: Subject) -> list[Finding]:
    """Return the calls of print.

    Args:
        subject: The repository.
    """
    return [
        Finding(path, node.lineno, "print in the package: log an event with fields instead")
        for path, node in subject.nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


RULE = Rule(
    "G004",
    "no-print",
    find,
    example=Example("src/data/loader.py", "print(rows)\n", 'log.info("data loaded", rows=rows)\n'),
    words=(r"\bprints?\b", r"structlog"),
)
