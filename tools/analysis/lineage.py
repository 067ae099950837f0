"""Where values come from and where they go: which statements stand on data, on models, on results."""

from collections.abc import Collection, Mapping, Sequence

from tools.analysis.model import StatementFacts


def downstream(order: Sequence[str], facts: Mapping[str, StatementFacts], origins: Collection[str]) -> frozenset[str]:
    """Return the statements that read, directly or through others, what some statements made; those included."""
    reached = set(origins)
    for identifier in order:
        if any(use.source in reached and not use.variable.startswith("<") for use in facts[identifier].uses):
            reached.add(identifier)
    return frozenset(reached)


def upstream(order: Sequence[str], facts: Mapping[str, StatementFacts], ends: Collection[str]) -> frozenset[str]:
    """Return the statements whose values some statements read, directly or through others; those included."""
    reached = set(ends)
    for identifier in reversed(order):
        if identifier in reached:
            reached.update(use.source for use in facts[identifier].uses if not use.variable.startswith("<"))
    return frozenset(reached)


def direct_sources(facts: StatementFacts) -> tuple[str, ...]:
    """Return the statements whose values a statement reads itself."""
    return tuple(dict.fromkeys(use.source for use in facts.uses if not use.variable.startswith("<")))
