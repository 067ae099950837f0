"""No mutable value at module level: it would be shared and changed behind the caller's back."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject

_MAKERS = {"list", "dict", "set", "defaultdict", "Counter", "deque", "OrderedDict", "bytearray"}
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def find(subject: Subject) -> list[Finding]:
    """Return the module-level names that hold a list, dict or set.

    Args:
        subject: The repository.
    """
    found = []
    for path, module in subject.sources.items():
        for node in module.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or not _mutable(node.value):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [t.id for t in targets if isinstance(t, ast.Name) and t.id != "__all__"]
            found += [
                Finding(path, node.lineno, f"`{name}` is mutable: pass it as an argument, or make it a tuple")
                for name in names
            ]
        found += [
            Finding(path, node.lineno, f"`global {', '.join(node.names)}`: return the value instead")
            for node in ast.walk(module)
            if isinstance(node, ast.Global)
        ]
    return found


def _mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _MAKERS
    return isinstance(value, _LITERALS)


RULE = Rule(
    "G009",
    "no-mutable-globals",
    find,
    example=Example("src/data/loader.py", "CACHE = {}\n", 'NAMES = ("a", "b")\n'),
    words=(r"(mutable )?global(s| variable| state)", r"mutable (module|state)"),
)
