"""The body of a stage function: its statements rewritten, display pruned, prints as events, live-outs returned."""

import ast
from collections.abc import Mapping

import libcst as cst

from tools.plan.naming import safe_name
from tools.plan.values import Values
from tools.transform.authors import annotated
from tools.transform.context import FunctionContext
from tools.transform.inplace_to_assignment import inplace_to_assignment
from tools.transform.print_to_log import print_to_log
from tools.transform.prune_display import prune_display
from tools.transform.rewrite import rewrite_statement

_LIBRARIES = ("pandas.", "torch.", "keras.", "tensorflow.", "statsmodels.")


def body_source(context: FunctionContext) -> str:
    """Return the body of a stage function without its return, not indented."""
    names = {p.variable: p.name for p in context.function.parameters if p.variable and p.variable != p.name}
    pieces: list[str] = []
    for identifier in context.function.statements:
        pieces += rewrite_statement(context, identifier, names, _newly_hidden(context, identifier, names))
        names |= _newly_hidden(context, identifier, names)
    module = cst.parse_module(_global_to_nonlocal(_joined(pieces)))
    module = prune_display(module, prints=True, known=_library_objects(context))
    if context.package.hardened:
        module = inplace_to_assignment(module, _frames(context))
        module = annotated(print_to_log(module, context.package.logger))
    return module.code.strip("\n")


def _library_objects(context: FunctionContext) -> frozenset[str]:
    """Return the variables of the function that the trace knows to hold frames, networks and the like."""
    values = Values(context.package.facts)
    found: set[str] = set()
    for identifier in context.function.statements:
        for name in context.package.facts.statements[identifier].own_reads:
            value = values.before(name, identifier) or values.at(name, identifier)
            if value is not None and value.type.startswith(_LIBRARIES):
                found.add(name)
    return frozenset(found)


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


def _joined(pieces: list[str]) -> str:
    return "\n".join(piece.rstrip() for piece in pieces) + "\n"


def _global_to_nonlocal(source: str) -> str:
    """Turn `global x` in nested functions into `nonlocal x`: the variable is one of the enclosing function now."""
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Global):
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line[: node.col_offset] + line[node.col_offset :].replace("global", "nonlocal", 1)
    return "\n".join(lines)


def _frames(context: FunctionContext) -> frozenset[str]:
    """Return the variables of the function that hold a frame or series which no other variable shares."""
    values = Values(context.package.facts)
    found: set[str] = set()
    returned = {r.variable for r in context.function.returns}
    for identifier in context.function.statements:
        facts = context.package.facts.statements[identifier]
        for name in facts.mutates:
            value = values.at(name, identifier)
            frame = value is not None and value.type in ("pandas.DataFrame", "pandas.Series")
            if frame and len([n for n in facts.mutates if not n.startswith("<")]) == 1 and name in returned:
                found.add(name)
    return frozenset(found)
