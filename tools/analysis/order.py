"""The order in which the cells of a notebook make sense, found without running it."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from tools.analysis.names import Names, statement_names
from tools.frozen import Frozen
from tools.notebook.model import Cell, Notebook

OrderKind = Literal["document", "execution count", "dependency"]


class OrderChoice(Frozen):
    """A run order.

    Attributes:
        order: Ids of all statements.
        kind: How it was found.
        reason: Why this one, in one sentence.
    """

    order: tuple[str, ...]
    kind: OrderKind
    reason: str


def choose_order(notebook: Notebook) -> OrderChoice:
    """Choose between document order, the order of the execution counts and a dependency-consistent order.

    The first of the three in which every name is bound before it is read wins; where none is without a gap, the one
    with the fewest gaps, document order first.
    """
    names = {statement.id: statement_names(statement.code) for statement in notebook.statements()}
    document = notebook.cells
    gaps = _gaps(document, names)
    if not gaps:
        return _choice(document, "document", "Every name is bound before it is read in document order.")
    first = f"`{gaps[0][0]}` is read by {gaps[0][1]} before any cell above binds it"
    counted = by_execution_count(document)
    candidates: list[tuple[int, int, tuple[Cell, ...], OrderKind, str]] = [
        (len(gaps), 0, document, "document", f"No order binds every name before it is read ({first}).")
    ]
    if counted != document:
        reason = f"In document order {first}; the order of the execution counts has fewer such gaps."
        candidates.append((len(_gaps(counted, names)), 1, counted, "execution count", reason))
    dependent = by_dependency(document, names)
    if dependent != document:
        reason = f"In document order {first}; cells were moved so that definitions come before uses."
        candidates.append((len(_gaps(dependent, names)), 2, dependent, "dependency", reason))
    _, _, cells, kind, reason = min(candidates, key=lambda candidate: candidate[:2])
    return _choice(cells, kind, reason)


def by_execution_count(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Sort cells by execution count; a cell without one follows the cell above it."""
    keys: list[tuple[int, int]] = []
    last = 0
    for position, cell in enumerate(cells):
        last = cell.execution_count if cell.execution_count is not None else last
        keys.append((last, position))
    return tuple(cells[position] for _, position in sorted(keys))


def by_dependency(cells: Sequence[Cell], names: Mapping[str, Names]) -> tuple[Cell, ...]:
    """Sort cells so that each name is bound before it is read; document order wherever there is a choice."""
    needs, gives = _cell_needs(cells, names)
    defined = {name for given in gives for name in given}
    missing = [{name for name in need if name in defined} for need in needs]
    waiting: dict[str, list[int]] = defaultdict(list)
    for position, need in enumerate(missing):
        for name in need:
            waiting[name].append(position)
    ready = [position for position, need in enumerate(missing) if not need]
    heapq.heapify(ready)
    left = list(range(len(cells)))
    done: set[int] = set()
    available: set[str] = set()
    result: list[int] = []
    cursor = 0
    while len(result) < len(cells):
        if ready:
            position = heapq.heappop(ready)
        else:  # a circle: the first cell in document order goes on
            while left[cursor] in done:
                cursor += 1
            position = left[cursor]
        if position in done:
            continue
        done.add(position)
        result.append(position)
        for name in gives[position]:
            if name in available:
                continue
            available.add(name)
            for reader in waiting[name]:
                missing[reader].discard(name)
                if not missing[reader] and reader not in done:
                    heapq.heappush(ready, reader)
    return tuple(cells[position] for position in result)


def _cell_needs(cells: Sequence[Cell], names: Mapping[str, Names]) -> tuple[list[set[str]], list[set[str]]]:
    needs: list[set[str]] = []
    gives: list[set[str]] = []
    bodies = {
        bound: frozenset(names[statement.id].body_reads)
        for cell in cells
        for statement in cell.statements
        for bound in names[statement.id].binds
        if names[statement.id].kind in {"function", "class"}
    }
    for cell in cells:
        need: set[str] = set()
        given: set[str] = set()
        for statement in cell.statements:
            read = with_bodies(names[statement.id].reads, bodies)
            need |= read - given
            given.update(names[statement.id].binds)
        needs.append(need)
        gives.append(given)
    return needs, gives


def with_bodies(reads: Sequence[str], bodies: Mapping[str, frozenset[str]]) -> set[str]:
    """Add what the bodies of the functions among `reads` read, transitively."""
    found = set(reads)
    pending = [name for name in reads if name in bodies]
    while pending:
        for name in bodies[pending.pop()]:
            if name not in found:
                found.add(name)
                if name in bodies:
                    pending.append(name)
    return found


def _gaps(cells: Sequence[Cell], names: Mapping[str, Names]) -> list[tuple[str, str]]:
    """Return (name, statement) for each read of a name that only a later statement binds."""
    defined = {bound for known in names.values() for bound in known.binds}
    bodies: dict[str, frozenset[str]] = {}
    bound: set[str] = set()
    gaps: list[tuple[str, str]] = []
    for cell in cells:
        for statement in cell.statements:
            known = names[statement.id]
            if not bound.issuperset(known.reads) or bodies:
                read = with_bodies(known.reads, bodies)
                gaps.extend((name, statement.id) for name in sorted(read) if name in defined and name not in bound)
            for name in known.binds:
                bodies.pop(name, None)
                if known.kind in {"function", "class"}:
                    bodies[name] = frozenset(known.body_reads)
            bound.update(known.binds)
            bound.difference_update(name for name in known.deletes if name not in known.maybe)
    return gaps


def _choice(cells: Sequence[Cell], kind: OrderKind, reason: str) -> OrderChoice:
    return OrderChoice(order=tuple(s.id for cell in cells for s in cell.statements), kind=kind, reason=reason)
