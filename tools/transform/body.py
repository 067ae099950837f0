"""The body of a stage function: its statements rewritten, display pruned, prints as events, live-outs returned."""

import ast
import symtable
from collections.abc import Collection

import libcst as cst

from tools.transform.context import FunctionContext
from tools.transform.passes import PASSES
from tools.transform.signature import arguments_of
from tools.transform.statements import rewritten


def body_source(context: FunctionContext) -> str:
    """Return the body of a stage function without its return, not indented."""
    pieces = [piece for found in rewritten(context).values() for piece in found]
    parameters = [argument.name for argument in arguments_of(context.package, context.function)]
    module = cst.parse_module(_global_to_nonlocal(_joined(pieces), parameters))
    for _, apply in PASSES:
        module = apply(module, context)
    return module.code.strip("\n")


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
