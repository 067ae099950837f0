"""Roles of statements, from what they call, what the trace saw, and what is done with the result."""

import ast
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tools.analysis.call_roles import call_roles
from tools.analysis.lineage import direct_sources, downstream, upstream
from tools.analysis.model import Role, Stage, StatementFacts
from tools.analysis.qualified import Call
from tools.analysis.role_context import Known
from tools.analysis.role_rules import statement_roles
from tools.analysis.role_shapes import is_container, lists_values, root_name
from tools.trace.model import Trace

ROLE_ORDER: tuple[Role, ...] = (
    "train",
    "tune",
    "evaluate",
    "split",
    "load_data",
    "define_model",
    "feature_engineering",
    "preprocess",
    "validate_data",
    "export",
    "visualize",
    "explore",
    "setup",
    "import",
    "other",
)
"""From the most telling to the least."""
_STAGE: dict[Role, Stage] = {
    "train": "training",
    "tune": "training",
    "evaluate": "evaluation",
    "define_model": "model",
    "export": "evaluation",
    "visualize": "evaluation",
}


_OF_TABLES = frozenset(
    {"head", "tail", "info", "describe", "value_counts", "dropna", "fillna", "isnull", "isna", "iterrows", "to_csv"}
)
"""Methods that tables have and little else."""


def find_roles(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    facts: Mapping[str, StatementFacts],
    calls: Mapping[str, Sequence[Call]],
    trace: Trace,
    displayed: Collection[str],
    modules: Collection[str] = (),
) -> dict[str, tuple[Role, ...]]:
    """Return the roles of every statement, most telling first.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        facts: Def-use facts by statement id.
        calls: Resolved calls by statement id.
        trace: Of the run; may be `not run`.
        displayed: Ids of the statements whose value a notebook shows.
        modules: Names that imports bind.
    """
    loading = [i for i in order if any("load_data" in call_roles(c, {}) for c in calls[i] if not c.nested)]
    frames = [
        i for i in order if any(c.name in ("pandas.DataFrame", "pandas.Series") and c.node.args for c in calls[i])
    ]
    learning = [i for i in order if any({"train", "split"} & set(call_roles(c, {})) for c in calls[i])]
    into_model = upstream(order, facts, learning)
    drawn = [i for i in order if i in into_model and any(".random." in c.name for c in calls[i])]
    shown = frozenset(i for i in order if any(c.name.startswith("pandas.DataFrame.") for c in calls[i]))
    origins = {*loading, *frames, *drawn, *learning, *shown, *_used_as_frames(order, facts, calls)}
    known = Known(
        on_data=downstream(order, facts, origins),
        into_model=into_model,
        made=frozenset((*drawn, *frames)),
        modules=frozenset(modules),
    )
    roles: dict[str, tuple[Role, ...]] = known.roles
    for identifier in order:
        node = trees[identifier].body[0]
        traced = trace.statements.get(identifier)
        weights = statement_roles(node, facts[identifier], calls[identifier], traced, identifier in displayed, known)
        roles[identifier] = _ordered(weights) or ("other",)
        known.trained = known.trained or ("train" in roles[identifier] and not isinstance(node, ast.FunctionDef))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            known.own[node.name] = () if roles[identifier] == ("other",) else roles[identifier]
    by_use = _by_use(trees, order, facts, roles)
    return {identifier: by_use.get(identifier, roles[identifier]) for identifier in order}


def stage_of(roles: Sequence[Role]) -> Stage:
    """Return the stage where the code of a statement belongs."""
    for role in roles:
        if role in _STAGE:
            return _STAGE[role]
    return "data"


def _used_as_frames(
    order: Sequence[str], facts: Mapping[str, StatementFacts], calls: Mapping[str, Sequence[Call]]
) -> frozenset[str]:
    """Return the statements whose values are asked what only a table is asked: wherever it came from, it is data."""
    found: set[str] = set()
    for identifier in order:
        for call in calls[identifier]:
            if call.name.startswith("?.") and call.name[2:] in _OF_TABLES and not call.nested:
                name = root_name(call.node.func)
                found.update(u.source for u in facts[identifier].uses if u.variable == name and u.kind == "definition")
    return frozenset(found)


def _by_use(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    facts: Mapping[str, StatementFacts],
    roles: Mapping[str, tuple[Role, ...]],
) -> dict[str, tuple[Role, ...]]:
    """Return the roles of statements that write values out, by what reads them: a grid that a search tries, columns."""
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for identifier in order:
        for source in direct_sources(facts[identifier]):
            readers[source].add(identifier)
    found: dict[str, tuple[Role, ...]] = {}
    for identifier in reversed(order):
        node = trees[identifier].body[0]
        working = {found.get(i, roles[i]) for i in readers[identifier]}
        purposes = {group[0] for group in working} - {"explore", "visualize", "other"}
        tuning = any("tune" in group for group in working)
        if tuning and all("tune" in g for g in working if g[0] in purposes) and lists_values(node):
            found[identifier] = ("tune",)
        elif purposes and purposes <= {"preprocess", "feature_engineering"} and is_container(node):
            found[identifier] = ("preprocess",)
    return found


def _ordered(found: Mapping[Role, int]) -> tuple[Role, ...]:
    return tuple(sorted((r for r in found if found[r] > 0), key=ROLE_ORDER.index))
