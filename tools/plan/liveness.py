"""What flows into and out of each function: live-in and live-out variables."""

from collections.abc import Mapping, Sequence

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.plan.hoist import Hoisted
from tools.plan.segments import Segment


class Flow(Frozen):
    """Variables of one segment.

    Attributes:
        live_in: Read before they are bound in it, in order of first use.
        live_out: Bound or changed in it and read later, in order of first binding.
    """

    live_in: tuple[str, ...]
    live_out: tuple[str, ...]


def find_flows(
    facts: NotebookFacts,
    segments: Sequence[Segment],
    hoisted: Hoisted,
    settings: frozenset[str],
    wanted: Mapping[int, Sequence[str]],
) -> tuple[Flow, ...]:
    """Return the flow of each segment.

    Args:
        facts: Of the notebook.
        segments: In call order.
        hoisted: Definitions at module level.
        settings: Variables that are settings and are not passed as values.
        wanted: Variables that are needed at the end, by the number of the segment that makes them (models to save).
    """
    outside = _outside(facts, hoisted, settings)
    reads = [_reads_first(facts, segment, outside) for segment in segments]
    writes = [_writes(facts, segment, outside) for segment in segments]
    available: set[str] = set()
    flows: list[Flow] = []
    for number, segment in enumerate(segments):
        later = {name for other in reads[number + 1 :] for name in other}
        live_in = [name for name in reads[number] if name in available]
        bound = _bound_after(facts, segment)
        live_out = [
            name
            for name in writes[number]
            if (name in later or name in wanted.get(number, ())) and (bound is None or name in bound)
        ]
        flows.append(Flow(live_in=tuple(live_in), live_out=tuple(live_out)))
        available |= set(writes[number])
    return tuple(flows)


def _outside(facts: NotebookFacts, hoisted: Hoisted, settings: frozenset[str]) -> frozenset[str]:
    """Return the names that stand at module level: imports never bound again, hoisted definitions, settings."""
    imported = {found.name for found in facts.imports}
    rebound = {n for f in facts.statements.values() if f.kind != "import" for n in f.defines}
    return frozenset((imported - rebound) | set(hoisted.statements) | settings)


def _reads_first(facts: NotebookFacts, segment: Segment, outside: frozenset[str]) -> list[str]:
    """Return the variables that a segment reads, or changes in place, before it binds them."""
    bound: set[str] = set()
    found: dict[str, None] = {}
    for identifier in segment.statements:
        statement = facts.statements[identifier]
        reads = statement.reads if statement.kind != "function" else (*statement.reads, *statement.body_reads)
        if statement.kind == "class":
            reads = (*statement.reads, *statement.body_reads)
        for name in (*reads, *statement.deletes):
            if name not in bound and name not in outside:
                found.setdefault(name)
        for name in statement.mutates:
            if name not in bound and name not in outside and name in statement.reads:
                found.setdefault(name)
        if statement.kind != "compound":
            bound |= set(statement.defines)
        else:
            bound |= {n for n in statement.defines if n not in statement.reads}
    return list(found)


def _writes(facts: NotebookFacts, segment: Segment, outside: frozenset[str]) -> list[str]:
    found: dict[str, None] = {}
    for identifier in segment.statements:
        statement = facts.statements[identifier]
        for name in (*statement.defines, *(n for n in statement.mutates if n in statement.reads or n in found)):
            if name not in outside and not name.startswith("<"):
                found.setdefault(name)
        for name in statement.deletes:
            found.pop(name, None)
    return list(found)


def _bound_after(facts: NotebookFacts, segment: Segment) -> frozenset[str] | None:
    """Return the names that the trace saw bound up to the end of a segment; None where it did not run to its end."""
    if segment.statements[-1] not in facts.trace.statements:
        return None
    last = facts.order.index(segment.statements[-1])
    if facts.trace.error and facts.trace.error.statement in facts.order[: last + 1]:
        return None
    bound: set[str] = set()
    for identifier in facts.order[: last + 1]:
        traced = facts.trace.statements.get(identifier)
        if traced:
            bound |= set(traced.bound)
            bound -= set(traced.deleted)
    return frozenset(bound)
