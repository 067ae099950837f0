"""The one change of order that a plan makes: an empty container is made where it is first filled."""

import ast
from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.plan.model import Constraint

_EMPTY_CALLS = {"builtins.list", "builtins.dict", "builtins.set", "collections.defaultdict", "collections.OrderedDict"}
_EMPTY_CONSTRUCTORS = {"list", "dict", "set", "defaultdict", "collections.defaultdict", "OrderedDict"}
_FACTORIES = {"list", "dict", "set", "int", "float"}


def containers_near(facts: NotebookFacts, body: Sequence[str], constraints: Sequence[Constraint]) -> dict[str, str]:
    """Return the statement that each `results = {}` moves down to: the first that has to do with `results`.

    Nothing is computed in another order: the value is empty, and no statement in between reads, binds or changes it.

    Args:
        facts: Of the notebook.
        body: Ids in run order.
        constraints: `one-function` keeps the notebook's order.
    """
    if any(c.kind == "one-function" for c in constraints):
        return {}
    codes = {statement.id: statement.code for statement in facts.notebook.statements()}
    names = {i: name for i in body if (name := _empty_container(facts, i, codes[i]))}
    found: dict[str, str] = {}
    for identifier, name in names.items():
        later = body[body.index(identifier) + 1 :]
        first = next((other for other in later if _concerns(facts, other, name, identifier)), "")
        if first and first not in names:
            found[identifier] = first
    return found


def _empty_container(facts: NotebookFacts, identifier: str, code: str) -> str:
    """Return the name that a statement binds to a new, empty container; an empty string if it is no such statement."""
    found = facts.statements[identifier]
    if found.kind != "assign" or len(found.defines) != 1 or found.draws:
        return ""
    node = ast.parse(code).body[0]
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return ""
    value = node.value
    literal = (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Dict) and not value.keys)
    made = (
        isinstance(value, ast.Call)
        and ast.unparse(value.func) in _EMPTY_CONSTRUCTORS
        and set(found.calls) <= _EMPTY_CALLS
        and not value.keywords
        and all(isinstance(a, ast.Name) and a.id in _FACTORIES for a in value.args)
    )
    return found.defines[0] if literal or made else ""


def _concerns(facts: NotebookFacts, identifier: str, name: str, source: str) -> bool:
    found = facts.statements[identifier]
    named = {*found.reads, *found.own_reads, *found.body_reads, *found.defines, *found.mutates, *found.deletes}
    return name in named or found.opaque or any(use.source == source for use in found.uses)
