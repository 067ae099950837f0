"""No wildcard import: a reader must see where a name comes from."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject


def find(subject: Subject) -> list[Finding]:
    """Return the wildcard imports.

    Args:
        subject: The repository.
    """
    return [
        Finding(path, node.lineno, f"`from {node.module} import *`: import the names that are used")
        for path, node in subject.nodes()
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]


RULE = Rule(
    "G003",
    "no-wildcard-import",
    find,
    example=Example("src/data/loader.py", "from numpy import *\n", "from numpy import mean\n"),
    words=(r"wildcard import", r"star import", r"import \*"),
)
