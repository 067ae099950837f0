"""Statements that only show something: figures, tables, printed lines."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tools.analysis.heap import Obj
from tools.analysis.model import StatementFacts
from tools.analysis.session import Session
from tools.trace.model import StatementTrace

SHOWN_STATE = frozenset(
    {"<matplotlib>", "<matplotlib rc>", "<pandas display options>", "<numpy print options>", "<warnings>", "<logging>"}
)


def only_shows(s: Session, facts: StatementFacts, traced: StatementTrace | None) -> bool:
    """Tell whether a statement by itself does nothing but show: no draw, no file, no change of a value that is data.

    Whether what it binds or changes (a figure, a loop variable, a display option) is read by a statement that does
    more is for `display_only` to find.
    """
    record = s.record
    if facts.opaque or facts.deletes or record.drawn or record.files_written or facts.draws:
        return False
    if facts.kind not in {"expression", "compound", "assign"}:
        return False
    if traced is not None and (traced.writes or traced.seeds or traced.draws):
        return False
    if any(variable not in SHOWN_STATE for variable in record.written):
        return False
    if any(not _is_figure(obj) and obj.statement != s.statement for obj in record.mutated):
        return False
    if facts.kind == "assign" or (facts.kind == "expression" and facts.defines):
        values = [obj for name in facts.defines for obj in s.module.variables[name].value]
        return bool(values) and all(_is_figure(obj) for obj in values)
    return facts.kind == "expression" or record.plots or not facts.defines


def _is_figure(obj: Obj) -> bool:
    return obj.root in {"matplotlib", "seaborn", "plotly"} and obj.kind == "library"


def display_only(
    facts: Mapping[str, StatementFacts], order: Sequence[str], harmless: Collection[str]
) -> frozenset[str]:
    """Find the statements that only show something.

    Args:
        facts: Of all statements.
        order: Their run order.
        harmless: Those that by themselves do nothing but show.

    Returns:
        Those of `harmless` whose effects no statement outside reads, so that all of them can go together.
    """
    sources: dict[str, list[str]] = defaultdict(list)
    shown = set(harmless)
    pending = [identifier for identifier in order if identifier not in shown]
    for identifier in order:
        sources[identifier] = [use.source for use in facts[identifier].uses]
    while pending:
        for source in sources[pending.pop()]:
            if source in shown:
                shown.discard(source)
                pending.append(source)
    return frozenset(shown)
