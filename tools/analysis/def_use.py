"""Def-use facts of a notebook."""

import ast
import builtins
from collections.abc import Sequence

from tools.analysis.model import StatementFacts, Use
from tools.analysis.mutating_methods import MUTATING_METHODS
from tools.analysis.names import Names, statement_names
from tools.analysis.order import with_bodies
from tools.notebook.model import Notebook
from tools.trace.model import Trace

_BUILTINS = frozenset(dir(builtins))


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
    definitions: dict[str, tuple[str, ...]] = {}
    mutations: dict[str, str] = {}
    bodies: dict[str, frozenset[str]] = {}
    facts: dict[str, StatementFacts] = {}
    for identifier in order:
        code = by_id[identifier].code
        names = statement_names(code)
        traced = trace.statements.get(identifier)
        reads = {name for name in with_bodies(names.reads, bodies) if name in definitions or name not in _BUILTINS}
        mutates = _mutated(code, names) | (set(traced.mutated) if traced else set())
        uses = [
            Use(variable=name, source=source)
            for name in sorted((reads | mutates) & definitions.keys())
            for source in definitions[name]
        ]
        uses.extend(
            Use(variable=name, source=mutations[name], kind="mutation")
            for name in sorted((reads | mutates) & mutations.keys())
        )
        for name in names.binds:
            kept = definitions.get(name, ()) if name in names.maybe else ()
            definitions[name] = (*kept, identifier)
            mutations.pop(name, None)
            bodies.pop(name, None)
            if names.kind in {"function", "class"}:
                bodies[name] = frozenset(names.body_reads)
        for name in mutates - set(names.binds):
            mutations[name] = identifier
        facts[identifier] = StatementFacts(
            id=identifier,
            kind=names.kind,
            defines=names.binds,
            reads=tuple(sorted(reads & definitions.keys())),
            own_reads=tuple(sorted(set(names.reads) & definitions.keys())),
            body_reads=names.body_reads,
            global_writes=names.global_writes,
            mutates=tuple(sorted(mutates & definitions.keys())),
            deletes=names.deletes,
            uses=tuple(uses),
            display_only=names.kind == "expression"
            and not (names.opaque or mutates or names.binds)
            and not (traced and (traced.draws or traced.writes or traced.environment or traced.seeds)),
            opaque=names.opaque,
            draws=traced.draws if traced else (),
        )
    return facts


def _mutated(code: str, names: Names) -> set[str]:
    changed = set(names.augmented)
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return changed
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            changed |= _root(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            inplace = any(
                keyword.arg == "inplace" and getattr(keyword.value, "value", None) is True for keyword in node.keywords
            )
            if inplace or node.func.attr in MUTATING_METHODS:
                changed |= _root(node.func)
    return changed


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()
