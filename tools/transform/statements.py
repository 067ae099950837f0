"""The statements of a stage function, each rewritten for its place there."""

import ast
from collections.abc import Mapping

from tools.plan.naming import safe_name
from tools.transform.context import FunctionContext
from tools.transform.rewrite import rewrite_statement


def rewritten(context: FunctionContext) -> dict[str, list[str]]:
    """Return the pieces of source that each statement of a function becomes, by its id, in order."""
    names = {p.variable: p.name for p in context.function.parameters if p.variable and p.variable != p.name}
    found: dict[str, list[str]] = {}
    for identifier in context.function.statements:
        found[identifier] = rewrite_statement(context, identifier, names, _newly_hidden(context, identifier, names))
        names |= _newly_hidden(context, identifier, names)
    return found


def asked_for(context: FunctionContext) -> frozenset[str]:
    """Return the statements of a function that a constraint keeps, as `ast.dump` has them: no pass drops those."""
    kept = {c.target for c in context.package.plan.constraints if c.kind == "keep"} & set(context.function.statements)
    pieces = [piece for identifier, found in rewritten(context).items() if identifier in kept for piece in found]
    return frozenset(ast.dump(node) for piece in pieces for node in ast.parse(piece).body) if kept else frozenset()


def _newly_hidden(context: FunctionContext, identifier: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return new names for the variables that a statement binds over a builtin or an import, from here on."""
    facts = context.package.facts.statements[identifier]
    imported = frozenset(context.package.imports)
    if facts.kind in ("import", "function", "class") or facts.roles[:1] == ("import",):
        return {}
    return {
        name: safe_name(name, imported)
        for name in facts.defines
        if name not in names and safe_name(name, imported) != name
    }
