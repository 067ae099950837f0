"""Public functions have a Google docstring that names every parameter."""

import ast
import re

from guardrails.rules.model import Example, Finding, Rule, Subject, public_functions

_ENTRY = re.compile(r"^ +\*{0,2}(\w+)(?: \([^)]*\))?:", re.MULTILINE)


def find(subject: Subject) -> list[Finding]:
    """Return the public functions whose docstring is missing or names other parameters than they have.

    Args:
        subject: The repository.
    """
    found = []
    for path, node in public_functions(subject):
        text = ast.get_docstring(node)
        if not text:
            found.append(Finding(path, node.lineno, f"`{node.name}` has no docstring"))
            continue
        wanted = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        wanted = [name for name in wanted if name not in ("self", "cls") and not name.startswith("_")]
        listed = _listed(text)
        missing = [name for name in wanted if name not in listed]
        if wanted and missing:
            found.append(Finding(path, node.lineno, f"`{node.name}`: Args does not name {', '.join(missing)}"))
        gone = [name for name in listed if name not in wanted and name not in _starred(node)]
        if gone:
            found.append(
                Finding(path, node.lineno, f"`{node.name}`: Args names {', '.join(gone)}, which it does not take")
            )
    return found


def _listed(text: str) -> list[str]:
    match = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)*)", text, re.MULTILINE)
    if not match:
        return []
    entries = [(len(m[0]) - len(m[0].lstrip()), m[1]) for m in _ENTRY.finditer(match[1])]
    first = min((indent for indent, _ in entries), default=0)
    return [name for indent, name in entries if indent == first]


def _starred(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [a.arg for a in (node.args.vararg, node.args.kwarg) if a]


_BARE = "def load(path: str) -> None:\n    read(path)\n"
_TOLD = _BARE.replace("    read", '    """Load a file.\n\n    Args:\n        path: Of the file.\n    """\n    read')
RULE = Rule(
    "G008",
    "google-docstrings",
    find,
    example=Example("src/data/loader.py", _BARE, _TOLD),
    words=(r"docstring",),
)
