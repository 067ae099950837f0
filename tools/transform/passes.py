"""The passes over the body of a stage function, in order: one line adds one."""

from collections.abc import Callable

import libcst as cst

from tools.plan.values import Values
from tools.transform.authors import annotated
from tools.transform.context import FunctionContext
from tools.transform.inplace_to_assignment import inplace_to_assignment
from tools.transform.print_to_log import print_to_log
from tools.transform.prune_display import prune_display
from tools.transform.statements import asked_for

_LIBRARIES = ("pandas.", "torch.", "keras.", "tensorflow.", "statsmodels.")


def _prune(module: cst.Module, context: FunctionContext) -> cst.Module:
    return prune_display(module, prints=True, known=_library_objects(context), wanted=asked_for(context))


def _assign(module: cst.Module, context: FunctionContext) -> cst.Module:
    return inplace_to_assignment(module, _frames(context)) if context.package.hardened else module


def _log(module: cst.Module, context: FunctionContext) -> cst.Module:
    return print_to_log(module, context.package.logger) if context.package.hardened else module


def _annotate(module: cst.Module, context: FunctionContext) -> cst.Module:
    return annotated(module) if context.package.hardened else module


PASSES: tuple[tuple[str, Callable[[cst.Module, FunctionContext], cst.Module]], ...] = (
    ("prune display", _prune),
    ("inplace to assignment", _assign),
    ("print to log", _log),
    ("annotate", _annotate),
)
"""Name and function of each pass; it gets the body and what is known of the function."""


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
