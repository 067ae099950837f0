"""Docstrings of public functions say what is returned and what is raised."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject, public_functions

_SKIPPED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def find(subject: Subject) -> list[Finding]:
    """Return the public functions whose docstring keeps quiet about a result or about an exception that they raise.

    Args:
        subject: The repository.
    """
    found = []
    for path, node in public_functions(subject):
        text = ast.get_docstring(node) or ""
        if text and _returns(node) and not any(f"{word}:" in text for word in ("Returns", "Yields", "Return")):
            found.append(Finding(path, node.lineno, f"`{node.name}`: its docstring has no Returns section"))
        missing = [name for name in _raised(node) if name not in text]
        if text and missing:
            found.append(Finding(path, node.lineno, f"`{node.name}`: Raises does not name {', '.join(missing)}"))
    return found


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(n, ast.Return) and n.value is not None for n in _own(node))


def _raised(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    names = []
    for inner in _own(node):
        if isinstance(inner, ast.Raise) and inner.exc is not None:
            raised = inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc
            name = raised.id if isinstance(raised, ast.Name) else getattr(raised, "attr", "")
            if name[:1].isupper():
                names.append(name)
    return list(dict.fromkeys(names))


def _own(node: ast.AST) -> list[ast.AST]:
    """Return the nodes of a function, those of functions and classes within left out."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _SKIPPED):
            found += [child, *_own(child)]
    return found


_QUIET = (
    'def load(path: str) -> str:\n    """Load.\n\n    Args:\n        path: Of the file.\n    """\n    return path\n'
)
_TOLD = _QUIET.replace('file.\n    """', 'file.\n\n    Returns:\n        Its path.\n    """')
RULE = Rule(
    "G016",
    "docstring-sections",
    find,
    severity="warning",
    example=Example("src/data/loader.py", _QUIET, _TOLD),
    words=(r"docstrings? with", r"\b(Returns|Raises)\b"),
)
