"""Def-use facts of a notebook: static analysis in run order, united with what a trace saw."""

import ast
import warnings
from collections.abc import Sequence

from tools.analysis.display import display_only, only_shows
from tools.analysis.evidence import commit, def_use_edges, reconcile
from tools.analysis.execute import execute_block, gives_up, reads_everything
from tools.analysis.heap import names_that_reach
from tools.analysis.imports import used_names
from tools.analysis.model import StatementFacts
from tools.analysis.names import Names, statement_names
from tools.analysis.session import Session, TooMuchWork
from tools.notebook.model import Notebook
from tools.trace.model import Trace

DRAWN_FROM = frozenset({"random", "numpy", "torch", "tensorflow"})


def def_use(notebook: Notebook, trace: Trace, order: Sequence[str]) -> dict[str, StatementFacts]:
    """Compute what each statement binds, reads and changes, and its def-use edges in run order.

    Args:
        notebook: As read.
        trace: Of its run; may be `not run`.
        order: Ids of all statements in run order.

    Returns:
        Facts by id; roles, stages, calls and models are left at their defaults.
    """
    by_id = {statement.id: statement for statement in notebook.statements()}
    session = Session(traced_stars=dict(trace.star_names), used=frozenset(used_names(notebook)))
    session.bindable = frozenset(
        {name for s in by_id.values() for name in statement_names(s.code).binds}
        | {name for known in trace.statements.values() for name in known.bound}
    )
    version = trace.packages.get("pandas", "").split(".")[0]
    session.copy_on_write = version.isdigit() and int(version) >= 3
    harmless: set[str] = set()
    facts: dict[str, StatementFacts] = {}
    cell = 0
    for identifier in order:
        statement = by_id[identifier]
        if statement.cell != cell:  # figures are shown and closed at the end of a cell
            cell = statement.cell
            session.state.pop("<matplotlib>", None)
        names = statement_names(statement.code)
        facts[identifier] = _statement(session, identifier, statement.code, names, trace)
        if only_shows(session, facts[identifier], trace.statements.get(identifier)):
            harmless.add(identifier)
    shown = display_only(facts, order, harmless)
    return {
        identifier: known.model_copy(update={"display_only": identifier in shown})
        for identifier, known in facts.items()
    }


def _statement(s: Session, identifier: str, code: str, names: Names, trace: Trace) -> StatementFacts:
    traced = trace.statements.get(identifier)
    s.begin(identifier)
    own_reads = tuple(sorted(name for name in names.reads if name in s.module.variables))
    for name in own_reads:
        s.load_global(name)
    if names.opaque and not names.literal:
        reads_everything(s, traced is None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError):
        body = []
    overflowed = False
    try:
        execute_block(s, body, s.module)
    except (RecursionError, TooMuchWork):
        overflowed = True
        s.give_up()
        gives_up(s, own_reads, names.binds, traced is None)
    mutations = reconcile(s, traced)
    commit(s, mutations)
    mutated = names_that_reach(mutations)
    bound = {**dict.fromkeys(names.binds), **s.record.bound} if names.kind != "import" else s.record.bound
    if overflowed and traced is not None:
        bound = {**dict.fromkeys(names.binds), **dict.fromkeys(traced.bound)}
    variables = s.module.variables
    drawn = {g for g, first in s.record.drawn.items() if first == "draw"} if traced is None else set(traced.draws)
    return StatementFacts(
        id=identifier,
        kind=names.kind,
        defines=tuple(name for name in bound if name in variables and name not in s.record.deleted),
        reads=tuple(sorted(s.record.reads)),
        own_reads=own_reads,
        body_reads=tuple(name for name in names.body_reads if name in s.bindable),
        global_writes=names.global_writes,
        mutates=tuple(sorted(n for n in mutated if variables[n].definitions != {identifier})),
        deletes=tuple(dict.fromkeys((*s.record.deleted, *(traced.deleted if traced else ())))),
        uses=def_use_edges(s, trace),
        opaque=names.opaque,
        draws=tuple(sorted(drawn & DRAWN_FROM)),
    )
