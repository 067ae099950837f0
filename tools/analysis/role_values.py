"""What an expression that stands alone and an assignment are for, where no call of theirs says it alone."""

import ast
import re
from collections import Counter
from collections.abc import Sequence

from tools.analysis.knowledge.load import method_roles
from tools.analysis.lineage import direct_sources
from tools.analysis.model import Role, StatementFacts
from tools.analysis.qualified import Call
from tools.analysis.role_context import Known, going_on, receiver, trained_variables
from tools.analysis.role_shapes import (
    attributes_in,
    calls_variable,
    counts,
    is_literal,
    makes_column,
    names_in,
    root_name,
    sizes_a_side,
    splits_by_hand,
)

METRIC_WORD = re.compile(
    r"(?:^|_)(acc|accuracy|rmse|mse|mae|mape|r2|recall|precision|f1|auc|roc|score|scores|loss|losses|error|errors|"
    r"silhouette|logloss|cm|confusion|report|y_pred|pred|preds|prediction|predictions|y_hat|yhat)(?:$|_|\d)"
)
_CONSTANT_WORD = re.compile(
    r"(?:^|_)(seed|epochs?|batch|lr|rate|path|dir|folder|file|filename|url|size|steps?|num|n|max|min|threshold|device|"
    r"key|token|columns?|cols|features|params?|config|classes|labels)(?:$|_|\d)"
)
SHOWING = frozenset({"builtins.print", "builtins.display", "IPython.display.display", "IPython.core.display.display"})
_SHOWN_ATTRIBUTES = frozenset({"shape", "columns", "dtypes", "index", "size", "ndim", "feature_names", "target_names"})
_MODES = frozenset({"eval", "train", "cuda", "cpu", "zero_grad"})
"""Methods that switch a network over; they serve what follows."""
_CHANGING = re.compile(r"(?:set|add|append|update|extend|build|apply|register|freeze|insert|remove|adapt)(?:_|$)")


def shown(
    node: ast.Expr,
    facts: StatementFacts,
    calls: Sequence[Call],
    found: Counter[Role],
    displayed: bool,
    known: Known,
) -> Counter[Role]:
    """Return the role of an expression that stands alone: shown, or there for what it changes."""
    printed = any(call.name in SHOWING for call in calls)
    if not printed and not displayed:
        if found:
            return found
        if facts.mutates and facts.id in known.on_data and not _MODES & attributes_in(node):
            return Counter({going_on(node, facts, known): 1})
        return Counter()
    if found["setup"] and not printed and not found["explore"]:
        return Counter({"setup": 1})
    if not printed and not found and facts.mutates and receiver(node, facts, known) == "feature_engineering":
        return Counter({"feature_engineering": 1})
    if not printed and not found["explore"] and _changes(node, facts):
        return Counter({going_on(node, facts, known): 1})
    if isinstance(node.value, ast.Constant) or (printed and not names_in(node) and not found):
        return Counter()
    changing = found.keys() & {"preprocess", "feature_engineering"} and not printed
    if changing and (_in_place(calls) or any(c.name.endswith((".fit", ".transform", ".fit_transform")) for c in calls)):
        return found
    sources = [known.roles.get(source, ()) for source in direct_sources(facts)]
    if any(call.name.endswith(".summary") for call in calls) and any("train" in roles for roles in sources):
        return Counter({"evaluate": 1})
    judged = [roles for roles in sources if roles and roles[0] == "evaluate"]
    if judged and len(judged) * 2 >= len([roles for roles in sources if roles and roles[0] not in ("import", "setup")]):
        return Counter({"evaluate": 1})
    if found["explore"] or found["validate_data"] or changing:
        return Counter({"explore": 1})
    if any(METRIC_WORD.search(name.lower()) for name in names_in(node)) and facts.id in known.on_data:
        return Counter({"evaluate": 1})
    if isinstance(node.value, ast.Compare) and displayed:
        return Counter({"validate_data": 1})
    made = any(roles and roles[0] not in ("import", "setup", "other") for roles in sources)
    if facts.id in known.on_data or found or made or attributes_in(node) & _SHOWN_ATTRIBUTES:
        return Counter({"explore": 1})
    return Counter()


def assigned(
    node: ast.Assign | ast.AugAssign | ast.AnnAssign,
    facts: StatementFacts,
    calls: Sequence[Call],
    found: Counter[Role],
    known: Known,
) -> Counter[Role]:
    """Return the role of an assignment: by its shape, by where its values come from and by whether a model gets it."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = node.value
    by_name = isinstance(targets[0], ast.Name)
    if splits_by_hand(node) and (by_name or (not found["preprocess"] and not found["feature_engineering"])):
        return Counter({"split": 1})
    if sizes_a_side(node) and facts.id in known.on_data:
        return Counter({"split": 1})
    outer = (
        node.value.func.attr if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute) else ""
    )
    if outer == "assign" and facts.id in known.on_data:
        return Counter({"feature_engineering": 1})
    looked = facts.id not in known.into_model or outer in ("corr", "describe", "value_counts")
    if looked and "explore" in method_roles(outer) and isinstance(targets[0], ast.Name):
        return Counter({"explore": 1})
    sources = [known.roles.get(source, ()) for source in direct_sources(facts)]
    first = {roles[0] for roles in sources if roles}
    results = first - {"import", "setup", "other"}
    if isinstance(targets[0], ast.Subscript):
        onto = root_name(targets[0])
        given = {use.source for use in facts.uses if use.variable != onto and not use.variable.startswith("<")}
        results = {known.roles[i][0] for i in given if i in known.roles} - {"import", "setup", "other"}
    if value is not None and calls_variable(value) & trained_variables(facts, known):
        return Counter({"evaluate": 1})
    if results and results <= {"evaluate"} and facts.id not in known.into_model:
        return Counter({"evaluate": 1})
    shown_only = results == {"explore"} or (
        isinstance(targets[0], ast.Subscript) and receiver(node, facts, known) == "explore"
    )
    if shown_only and facts.id not in known.into_model:
        return Counter({"explore": 1})
    if receiver(node, facts, known) == "define_model":
        return Counter({"define_model": 1})
    if counts(node):
        return Counter({"setup": 1})
    if found["preprocess"] or found["feature_engineering"]:
        if found["preprocess"] and not found["feature_engineering"] and makes_column(node):
            return Counter({"feature_engineering": 1})
        return found
    if found["setup"]:
        return Counter({"setup": 1})
    names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    if value is not None and is_literal(value):
        if isinstance(targets[0], ast.Name):
            low = targets[0].id
            text = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if low.isupper() or _CONSTANT_WORD.search(low.lower()) or text:
                return Counter({"setup": 1})
            return Counter()
        if facts.id in known.on_data:
            return Counter({"feature_engineering" if makes_column(node) else "preprocess": 1})
        return Counter()
    if facts.id in known.made and not first & {"load_data", "preprocess", "train", "evaluate"}:
        return Counter({"load_data": 1})
    if facts.id not in known.on_data:
        return Counter()
    if any(METRIC_WORD.search(name.lower()) for name in names) and first & {"evaluate", "train", "tune"}:
        return Counter({"evaluate": 1})
    judging: set[Role] = {"evaluate", "train", "tune"}
    if first & judging and first <= {*judging, "define_model", "import", "setup"}:
        return Counter({"evaluate": 1})
    if first & {"evaluate"} and facts.id not in known.into_model:
        return Counter({"evaluate": 1})
    if found["explore"] or found["validate_data"]:
        return Counter({"preprocess" if facts.id in known.into_model else "explore": 1})
    if makes_column(node):
        return Counter({"feature_engineering": 1})
    return Counter({"preprocess": 1})


def _changes(node: ast.Expr, facts: StatementFacts) -> bool:
    """Tell whether an expression is there for what it changes, not for its value: `vocab.set_default_index(0)`."""
    call = node.value
    named = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _CHANGING.match(call.func.attr)
    return bool(named and facts.mutates)


def _in_place(calls: Sequence[Call]) -> bool:
    return any(
        k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value is True
        for call in calls
        for k in call.node.keywords
    )
