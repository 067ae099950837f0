"""The backward slice: the statements that the criteria depend on, and why each of them is there."""

from collections.abc import Mapping, Sequence

from tools.analysis.model import StatementFacts, Use


def backward_slice(
    facts_by_id: Mapping[str, StatementFacts],
    order: Sequence[str],
    criteria: frozenset[str],
    *,
    declared: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Collect every statement whose effect may reach a criterion.

    Definitions, changes in place through any alias, draws from the same generator, files and process state count
    alike: each is a use edge. Opaque statements stay, since nothing is known about what they change.

    Args:
        facts_by_id: Facts of all statements.
        order: Their run order.
        criteria: Ids of the statements that must be kept.
        declared: Pseudo-variables (`<numpy>`, `<warnings>`) whose edges are not followed: the caller declares the
            difference instead of keeping what made it.

    Returns:
        Ids of the kept statements, the criteria among them.
    """
    return frozenset(_reached(facts_by_id, order, criteria, declared))


def slice_reasons(
    facts_by_id: Mapping[str, StatementFacts],
    order: Sequence[str],
    criteria: frozenset[str],
    *,
    declared: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """Give one reason for people for each statement of the slice, such as "changes `df` in place, read by c20.s1"."""
    reached = _reached(facts_by_id, order, criteria, declared)
    return {identifier: reached[identifier] for identifier in order if identifier in reached}


def _reached(
    facts_by_id: Mapping[str, StatementFacts],
    order: Sequence[str],
    criteria: frozenset[str],
    declared: frozenset[str],
) -> dict[str, str]:
    reasons: dict[str, str] = {}
    position = {identifier: number for number, identifier in enumerate(order)}
    pending: list[str] = []
    for identifier in order:
        facts = facts_by_id[identifier]
        if identifier in criteria:
            reasons[identifier] = "criterion"
        elif facts.opaque:
            reasons[identifier] = "runs code that cannot be analysed, kept whole"
        else:
            continue
        pending.append(identifier)
    pending.sort(key=position.__getitem__)
    while pending:
        reader = pending.pop()
        for use in sorted(facts_by_id[reader].uses, key=lambda use: (use.source, use.variable)):
            if use.source in reasons or use.source not in facts_by_id or use.variable in declared:
                continue
            reasons[use.source] = _reason(use, reader, facts_by_id[use.source])
            pending.append(use.source)
    return reasons


def _reason(use: Use, reader: str, source: StatementFacts) -> str:
    name = use.variable
    if use.kind == "mutation":
        return f"changes `{name}` in place, read by {reader}"
    if use.kind == "definition":
        if source.kind == "import":
            return f"imports `{name}`, used by {reader}"
        if name in source.deletes and name not in source.defines:
            return f"deletes `{name}`, bound again by {reader}"
        return f"defines `{name}`, read by {reader}"
    if name.startswith("<file:"):
        return f"writes the file `{name[6:-1]}`, read by {reader}"
    if name in GENERATORS:
        return f"advances or seeds the random generator of `{name[1:-1]}`, drawn from by {reader}"
    return f"changes the process state `{name[1:-1]}`, which {reader} depends on"


GENERATORS = frozenset({"<random>", "<numpy>", "<torch>", "<tensorflow>", "<entropy>"})
