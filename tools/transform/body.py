"""The body of a stage function: its statements rewritten, display pruned, prints as events, live-outs returned."""

import ast
import symtable
from collections.abc import Collection, Mapping

import libcst as cst

from tools.plan.naming import safe_name
from tools.transform.context import FunctionContext
from tools.transform.passes import PASSES
from tools.transform.rewrite import rewrite_statement
from tools.transform.signature import arguments_of


def body_source(context: FunctionContext) -> str:
    """Return the body of a stage function without its return, not indented."""
    names = {p.variable: p.name for p in context.function.parameters if p.variable and p.variable != p.name}
    pieces: list[str] = []
    for identifier in context.function.statements:
        pieces += rewrite_statement(context, identifier, names, _newly_hidden(context, identifier, names))
        names |= _newly_hidden(context, identifier, names)
    parameters = [argument.name for argument in arguments_of(context.package, context.function)]
    module = cst.parse_module(_global_to_nonlocal(_joined(pieces), parameters))
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


def _global_to_nonlocal(source: str, parameters: Collection[str]) -> str:
    """Turn `global x` in nested functions into `nonlocal x`: the variable is one of the enclosing function now.

    Args:
        source: The body of the enclosing function.
        parameters: Its parameters. A variable that only nested functions bind is declared at the top.
    """
    lines = source.split("\n")
    written: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Global):
            written |= set(node.names)
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line[: node.col_offset] + line[node.col_offset :].replace("global", "nonlocal", 1)
    table = symtable.symtable(source, "body", "exec")
    outer = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    return "\n".join([*(f"{name}: Any" for name in sorted(written - outer - set(parameters))), *lines])
