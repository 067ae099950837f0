"""Public functions say what they take and give."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject, public_functions


def find(subject: Subject) -> list[Finding]:
    """Return the public functions with a parameter or a result that has no type.

    Args:
        subject: The repository.
    """
    found = []
    for path, node in public_functions(subject):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        extra = [a for a in (node.args.vararg, node.args.kwarg) if a]
        bare = [a.arg for a in (*arguments, *extra) if a.annotation is None and a.arg not in ("self", "cls")]
        if bare:
            found.append(Finding(path, node.lineno, f"`{node.name}`: {', '.join(bare)} without a type"))
        if node.returns is None and not _is_property_setter(node):
            found.append(Finding(path, node.lineno, f"`{node.name}`: its result has no type"))
    return found


def _is_property_setter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in node.decorator_list)


_BARE = 'def load(path):\n    """Load.\n\n    Args:\n        path: Of the file.\n    """\n'
_TYPED = _BARE.replace("path):", "path: str) -> None:")
RULE = Rule(
    "G007",
    "type-hints",
    find,
    example=Example("src/data/loader.py", _BARE, _TYPED),
    words=(r"type (hint|annotation)", r"\btyped\b"),
)
