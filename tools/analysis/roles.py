"""Roles of statements and cells, from what they call, what the trace saw, and what is done with the result."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tools.analysis.call_roles import call_roles
from tools.analysis.knowledge.load import method_roles, roles_of
from tools.analysis.lineage import downstream, upstream
from tools.analysis.model import NotebookFacts, Role, Stage, StatementFacts
from tools.analysis.qualified import Call
from tools.analysis.role_rules import Known, statement_roles
from tools.trace.model import Trace

_ORDER: tuple[Role, ...] = (
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
_STAGE: dict[Role, Stage] = {
    "train": "training",
    "tune": "training",
    "evaluate": "evaluation",
    "define_model": "model",
    "export": "evaluation",
    "visualize": "evaluation",
}
_SIDES = re.compile(r"\s*(?:X|x|y|Y|features?|targets?|labels?)\w*\s*(?:,\s*\w+\s*)?=[^=]")
"""Taking features and target out of a frame, which serves the split that follows in the same cell."""
_ALWAYS: frozenset[Role] = frozenset({"train", "tune", "split", "load_data", "define_model", "evaluate", "export"})
_LEAST: dict[Role, float] = {
    "import": 0.15,
    "setup": 0.15,
    "explore": 0.2,
    "preprocess": 0.15,
    "feature_engineering": 0.15,
    "validate_data": 0.2,
    "visualize": 0.08,
}
"""The least share of a cell's weight from which a side activity counts; the main activities always count."""


def find_roles(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    facts: Mapping[str, StatementFacts],
    calls: Mapping[str, Sequence[Call]],
    trace: Trace,
    displayed: Collection[str],
) -> dict[str, tuple[Role, ...]]:
    """Return the roles of every statement, most telling first.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        facts: Def-use facts by statement id.
        calls: Resolved calls by statement id.
        trace: Of the run; may be `not run`.
        displayed: Ids of the statements whose value a notebook shows.
    """
    loading = [i for i in order if any("load_data" in call_roles(c, {}) for c in calls[i] if not c.nested)]
    frames = [i for i in order if any(c.name in ("pandas.DataFrame", "pandas.Series") for c in calls[i])]
    learning = [i for i in order if any({"train", "split"} & set(call_roles(c, {})) for c in calls[i])]
    into_model = upstream(order, facts, learning)
    drawn = [i for i in order if i in into_model and any(".random." in c.name for c in calls[i])]
    shown = frozenset(i for i in order if any(c.name.startswith("pandas.DataFrame.") for c in calls[i]))
    origins = {*loading, *frames, *drawn, *learning, *shown}
    known = Known(on_data=downstream(order, facts, origins), into_model=into_model, made=frozenset((*drawn, *frames)))
    roles: dict[str, tuple[Role, ...]] = known.roles
    for identifier in order:
        node = trees[identifier].body[0]
        traced = trace.statements.get(identifier)
        weights, _ = statement_roles(node, facts[identifier], calls[identifier], traced, identifier in displayed, known)
        roles[identifier] = _ordered(weights) or ("other",)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            known.own[node.name] = () if roles[identifier] == ("other",) else roles[identifier]
    return {identifier: roles[identifier] for identifier in order}


def cell_roles(facts: NotebookFacts, cell: int) -> tuple[Role, ...]:
    """Return the roles of a cell: those of its statements, small side activities left out beside a main one."""
    weights: defaultdict[Role, float] = defaultdict(float)
    statements = facts.notebook.cells[cell - 1].statements
    total = 0.0
    splitting = any("split" in facts.statements[s.id].roles for s in statements)
    looks = False
    loads = any("load_data" in facts.statements[s.id].roles for s in statements)
    displayed: set[Role] = set()
    for statement in statements:
        roles = facts.statements[statement.id].roles
        size = min(1 + statement.code.count("\n"), 6) ** 0.5
        if roles[0] == "visualize":
            size *= 0.6
        if roles[0] == "preprocess" and splitting and _SIDES.match(statement.code):
            continue
        total += size
        if "explore" in roles and any("explore" in _look(name) for name in facts.statements[statement.id].calls):
            looks = True
        if statement.displayed:
            displayed.update(roles)
        if statement.displayed and len(statements) > 1 and _only_names(statement.code) and not loads:
            continue
        for position, role in enumerate(roles):
            weights[role] += size if position == 0 else 0.7 * size
    found: dict[Role, float] = {role: weight / total for role, weight in weights.items() if role != "other"}
    kept = {role for role, share in found.items() if role in _ALWAYS or share >= _LEAST.get(role, 0)}
    kept |= {role for role in found if role in displayed and role == "explore"}
    share = {role: found.get(role, 0.0) for role in _ORDER}
    if share["visualize"] >= 0.3:
        kept -= {r for r in ("preprocess", "feature_engineering") if share[r] < 0.5}
        kept -= {r for r in ("evaluate",) if share[r] < 0.15}
    if share["evaluate"] >= 0.3 and not kept & {"train", "define_model"}:
        kept -= {r for r in ("preprocess",) if share[r] < 0.3}
    if "load_data" in kept and share["setup"] < 0.6:
        kept.discard("setup")
    if kept & {"load_data", "evaluate"} and share["preprocess"] < 0.3:
        kept.discard("preprocess")
    main = kept & {"train", "tune", "evaluate", "visualize", "export"}
    if main and "explore" in kept and found["explore"] < 0.4:
        kept.discard("explore")
    if kept & {"preprocess", "feature_engineering", "split"} and not looks and "load_data" not in kept:
        kept.discard("explore")
    if "split" in kept:
        kept -= {r for r in ("explore",) if share[r] < 0.4}
        if kept & {"train", "tune", "evaluate"} and share["split"] < 0.4:
            kept -= {
                r
                for r in ("split",)
                if not any(".train_test_split" in c for s in statements for c in facts.statements[s.id].calls)
            }
    if "visualize" in kept and "export" in kept and found["export"] < 0.2:
        kept.discard("export")
    if not found.keys() - {"setup", "import"} and found.get("setup", 0) >= 0.05:
        kept.add("setup")
    if kept - {"setup", "import"} and "setup" in kept and found["setup"] <= 0.5:
        kept.discard("setup")
    return tuple(role for role in _ORDER if role in kept) or _largest(found) or ("other",)


def stage_of(roles: Sequence[Role]) -> Stage:
    """Return the stage where the code of a statement belongs."""
    for role in roles:
        if role in _STAGE:
            return _STAGE[role]
    return "data"


def _look(name: str) -> tuple[Role, ...]:
    method = name.rpartition(".")[2]
    found = method_roles(method) or roles_of(name) or ()
    return ("explore",) if "validate_data" in found else found


def _only_names(code: str) -> bool:
    """Tell whether an expression is a bare name or attribute: looking at what the cell has just made."""
    return code.replace(".", "").replace("_", "").replace(",", "").replace(" ", "").isalnum()


def _largest(found: Mapping[Role, float]) -> tuple[Role, ...]:
    return (max(sorted(found), key=lambda role: found[role]),) if found else ()


def _ordered(found: Mapping[Role, int]) -> tuple[Role, ...]:
    return tuple(sorted((r for r in found if found[r] > 0), key=_ORDER.index))
