"""What a single statement is for: from its calls, its shape, and where its values come from and go."""

import ast
from collections import Counter
from collections.abc import Sequence

from tools.analysis.call_roles import call_roles
from tools.analysis.knowledge.load import knowledge, role_of_name, role_of_verb
from tools.analysis.lineage import direct_sources
from tools.analysis.model import Role, StatementFacts
from tools.analysis.qualified import Call
from tools.analysis.role_context import Known
from tools.analysis.role_shapes import (
    attributes_in,
    fills_columns,
    imports_only,
    learns_and_predicts,
    loop_variables,
    names_in,
    sets_library,
)
from tools.analysis.role_values import SHOWING, assigned, shown
from tools.trace.model import StatementTrace

LEARNT = frozenset({"feature_importances_", "coef_", "importances_mean", "best_score_", "oob_score_", "best_value"})
_TUNED = frozenset({"best_params_", "best_estimator_", "cv_results_", "best_params", "best_trial", "best_index_"})
_PIPELINES = ("Pipeline", "make_pipeline", "FeatureUnion", "make_union")
_STRONG: tuple[Role, ...] = ("train", "tune", "evaluate", "split", "load_data", "define_model", "export", "visualize")


def statement_roles(
    node: ast.stmt,
    facts: StatementFacts,
    calls: Sequence[Call],
    traced: StatementTrace | None,
    displayed: bool,
    known: Known,
) -> Counter[Role]:
    """Return the roles of one statement with weights.

    Args:
        node: The statement.
        facts: Its def-use facts.
        calls: What it calls.
        traced: What the run saw; None without one.
        displayed: A notebook shows its value.
        known: Of the notebook.
    """
    found: Counter[Role] = Counter()
    if imports_only(node):
        return Counter({"import": 1})
    for call in calls:
        for position, role in enumerate(call_roles(call, known.own)):
            found[role] += 2 if position == 0 else 1
    if traced and traced.figures:
        found["visualize"] += 2
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if role_of_verb(node.name) in (None, "train", "tune") and _sweeps(node, calls, known):
            return Counter({"tune": 1})
        return _definition(node, found)
    if sets_library(node, known.modules):
        return Counter({"setup": 1})
    _only_prepares(found, facts, calls, known)
    _tidy(found, node)
    if _sweeps(node, calls, known):
        return Counter({"tune": 1})
    attributes = attributes_in(node)
    if attributes & (LEARNT | _TUNED) and not found["train"] and not found["tune"]:
        found["evaluate"] += 2 * bool(attributes & LEARNT)
        found["tune"] += 2 * bool(attributes & _TUNED and not any(found[role] for role in _STRONG))
        for side in ("explore", "preprocess", "validate_data"):
            found.pop(side, None)
    if any(found[role] for role in _STRONG):
        return found
    if isinstance(node, ast.Expr):
        return shown(node, facts, calls, found, displayed, known)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        return assigned(node, facts, calls, found, known)
    if isinstance(node, ast.Assert):
        return Counter({"validate_data": 1})
    if isinstance(node, ast.Delete):
        dropping = any(isinstance(target, ast.Subscript) for target in node.targets)
        return Counter({"preprocess": 1}) if dropping else Counter()
    return _compound(node, facts, calls, found, known)


def _tidy(found: Counter[Role], node: ast.stmt) -> None:
    """Take out what only serves another role in the same statement: a mask that is counted, say."""
    serving: dict[Role, tuple[Role, ...]] = {
        "visualize": ("explore", "preprocess", "validate_data", "feature_engineering", "setup"),
        "evaluate": ("explore", "preprocess", "validate_data"),
        "train": ("explore", "preprocess", "validate_data", "setup"),
        "define_model": ("explore", "validate_data"),
        "tune": ("explore", "preprocess", "define_model", "split", "setup"),
        "load_data": ("explore", "validate_data", "setup"),
        "split": ("preprocess", "explore"),
        "export": ("explore", "preprocess", "load_data", "setup"),
        "preprocess": ("setup", "explore", "validate_data"),
        "feature_engineering": ("setup", "explore", "validate_data"),
    }
    if found["define_model"] and any(isinstance(p, (ast.List, ast.Tuple, ast.Call)) for p in ast.walk(node)):
        for role in ("preprocess", "feature_engineering"):
            if found[role] and isinstance(node, (ast.Assign, ast.AnnAssign)):
                del found[role]
    if found["evaluate"] and not found["train"] and isinstance(node, (ast.Expr, ast.Assign)):
        del found["define_model"]
    compound = isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try))
    for main, side in serving.items():
        if found[main]:
            for role in side:
                if found[role] and (not compound or found[role] <= found[main] or main == "visualize"):
                    del found[role]


def _only_prepares(found: Counter[Role], facts: StatementFacts, calls: Sequence[Call], known: Known) -> None:
    """Take a pipeline whose steps are all transformers for preprocessing; in place."""
    if not any(call.name.rpartition(".")[2] in _PIPELINES for call in calls):
        return
    inner = {r for c in calls if c.name.rpartition(".")[2] not in _PIPELINES for r in call_roles(c, known.own)}
    steps = {role for source in direct_sources(facts) for role in known.roles.get(source, ())}
    preparing: set[Role] = {"preprocess", "feature_engineering"}
    if (inner | steps) & preparing and not (inner | steps) & {"define_model", "train", "tune"}:
        found.pop("define_model", None)
        found["preprocess"] += 2


def _definition(node: ast.stmt, found: Counter[Role]) -> Counter[Role]:
    bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
    if any(
        word in base for base in bases for word in ("Module", "Model", "Classifier", "Regressor", "LightningModule")
    ):
        return Counter({"define_model": 3})
    if any("Dataset" in base or "DataLoader" in base for base in bases):
        return Counter({"load_data": 2})
    if any("Transformer" in base for base in bases):
        return Counter({"preprocess": 2})
    if bases and not found and any("Estimator" in base for base in bases):
        return Counter({"define_model": 2})
    if isinstance(node, ast.ClassDef) and learns_and_predicts(node):
        return Counter({"define_model": 2})
    name = getattr(node, "name", "")
    verb = role_of_verb(name)
    if verb and not isinstance(node, ast.ClassDef):
        side: tuple[Role, ...] = ("preprocess", "feature_engineering", "explore", "validate_data", "setup")
        side = (*side, "load_data") if verb in ("explore", "visualize") else side
        found = Counter({role: weight for role, weight in found.items() if role not in side})
        found[verb] += 3
    for role in {role for part in name.lower().split("_and_") for role in role_of_name(part)} - {verb}:
        if role in found or not found or (role == "feature_engineering" and found["preprocess"]):
            found[role] += 3
    if not found:
        return found
    top = max(found.values())
    main = {
        role: weight
        for role, weight in found.items()
        if (weight * 3 >= top or role == "train") and role not in ("setup", "other")
    }
    return Counter(main or found)


def _compound(
    node: ast.stmt, facts: StatementFacts, calls: Sequence[Call], found: Counter[Role], known: Known
) -> Counter[Role]:
    if found["preprocess"] or found["feature_engineering"]:
        return found
    if facts.id not in known.on_data:
        return Counter({"setup": 1}) if found["setup"] else Counter()
    first = {roles[0] for source in direct_sources(facts) if (roles := known.roles.get(source, ()))}
    only_prints = not facts.mutates and any(c.name in SHOWING for c in calls)
    if "evaluate" in first or (only_prints and first & {"train", "tune"}):
        return Counter({"evaluate": 1})
    if (found["explore"] or found["validate_data"] or only_prints) and not fills_columns(node):
        return Counter({"explore": 1})
    return Counter({"preprocess": 1})


def _sweeps(node: ast.stmt, calls: Sequence[Call], known: Known) -> bool:
    """Tell whether a loop tries values: its variable is an argument of a model that it constructs."""
    tried = loop_variables(node)
    for call in calls if tried else ():
        method = call.name.rpartition(".")[2]
        constructs = "define_model" in call_roles(call, known.own) and method[:1].isupper()
        if call.looped and (constructs or method == "set_params"):
            settings = [keyword.value for keyword in call.node.keywords if keyword.arg not in knowledge().seeds]
            values = (*settings, *(a for a in call.node.args if isinstance(a, ast.Name)))
            if any(tried.intersection(names_in(value)) for value in values):
                return not call.name.startswith(("torch", "tensorflow", "keras"))
    return False
