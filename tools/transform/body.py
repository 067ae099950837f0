"""The body of a stage function: its statements rewritten, display pruned, prints as events, live-outs returned."""

import ast
from collections.abc import Mapping

import libcst as cst

from tools.plan.naming import safe_name
from tools.transform.context import FunctionContext
from tools.transform.passes import PASSES
from tools.transform.rewrite import rewrite_statement


def body_source(context: FunctionContext) -> str:
    """Return the body of a stage function without its return, not indented."""
    names = {p.variable: p.name for p in context.function.parameters if p.variable and p.variable != p.name}
    pieces: list[str] = []
    for identifier in context.function.statements:
        pieces += rewrite_statement(context, identifier, names, _newly_hidden(context, identifier, names))
        names |= _newly_hidden(context, identifier, names)
    module = cst.parse_module(_global_to_nonlocal(_joined(pieces)))
    for _, apply in PASSES:
        module = apply(module, context)
    return module.code.strip("\n")


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
