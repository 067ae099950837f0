"""The models of a notebook: what is constructed and fitted, by whatever library or by the author's own code."""

import ast
import builtins
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tools.analysis.knowledge.load import is_transformer, model_name, snake_case
from tools.analysis.model import ModelUse
from tools.analysis.qualified import Call
from tools.trace.model import Trace

Framework = Literal["sklearn", "xgboost", "lightgbm", "catboost", "torch", "keras", "statsmodels", "own", "other"]
Task = Literal["classification", "regression", "clustering", "decomposition", "other"]
_FITTING = ("fit", "partial_fit", "fit_predict", "fit_generator")
_WRAPPERS = ("Pipeline", "make_pipeline", "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "BayesSearchCV")
_BOOSTERS = {"xgboost.Booster": "xgb", "lightgbm.Booster": "lgbm", "xgboost.core.Booster": "xgb"}
_TRAINERS = {"xgboost.train": "xgboost.Booster", "lightgbm.train": "lightgbm.Booster"}


_CLUSTERINGS = frozenset(
    {"KMeans", "MiniBatchKMeans", "DBSCAN", "AgglomerativeClustering", "GaussianMixture", "MeanShift", "HDBSCAN"}
)
_CLASSIFIERS = frozenset({"LogisticRegression", "SVC", "LinearSVC", "NuSVC", "Perceptron", "Logit", "LabelPropagation"})
_REGRESSORS = frozenset(
    {"Ridge", "Lasso", "ElasticNet", "SVR", "LinearSVR", "NuSVR", "OLS", "GLS", "WLS", "BayesianRidge", "KernelRidge"}
    | {"Lars", "LassoLars", "ols", "Prophet", "ARIMA", "SARIMAX"}
)


@dataclass
class _Found:
    variable: str
    type: str
    defined: str
    trained: list[str] = field(default_factory=list)
    inner: str = ""
    iterative: bool = False
    features: tuple[str, ...] = ()


def find_models(
    trees: Mapping[str, ast.Module], order: Sequence[str], calls: Mapping[str, Sequence[Call]], trace: Trace
) -> tuple[ModelUse, ...]:
    """Return the models in order of definition; `saved`, `final` and uniqueness of names are settled by the caller.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        calls: Resolved calls by statement id.
        trace: Of the run; its classes win over those inferred.
    """
    search = _Search(trees, trace)
    for identifier in order:
        search.statement(identifier, calls[identifier])
    swept = {i for i in order if isinstance(trees[i].body[0], (ast.For, ast.AsyncFor, ast.While))}
    return _named(search.found, swept)


class _Search:
    """Follows variables from construction to fitting."""

    def __init__(self, trees: Mapping[str, ast.Module], trace: Trace) -> None:
        self.trees = trees
        self.trace = trace
        self.found: list[_Found] = []
        self.defined: dict[str, tuple[str, ast.expr]] = {}
        self.types: dict[str, str] = {}
        self.networks: dict[str, str] = {}
        self.trainers: set[str] = set()
        self.own_models: set[str] = set()

    def statement(self, identifier: str, calls: Sequence[Call]) -> None:
        node = self.trees[identifier].body[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(call.name.endswith((".backward", ".fit")) for call in calls):
                self.trainers.add(node.name)
            return
        if isinstance(node, ast.ClassDef):
            if any(
                isinstance(item, ast.FunctionDef) and item.name in ("fit", "forward", "train") for item in node.body
            ):
                self.own_models.add(node.name)
            return
        for call in calls:
            self.call(identifier, node, call)
        self.loop(identifier, node, calls)
        self.bind(identifier, node)

    def call(self, identifier: str, node: ast.stmt, call: Call) -> None:
        base, _, method = call.name.rpartition(".")
        if call.name in _TRAINERS:
            self.add(_target(node), _TRAINERS[call.name], identifier, identifier, call)
        elif method in _FITTING and isinstance(call.node.func, ast.Attribute):
            self.fitted(identifier, node, call, base)
        elif call.name.startswith("__main__.") and base == "__main__" and method in self.trainers:
            self.trained_by(identifier, node, call)

    def fitted(self, identifier: str, node: ast.stmt, call: Call, base: str) -> None:
        receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else call.node
        if isinstance(receiver, ast.Name):
            kind = self.types.get(receiver.id, "") or ("" if base == "?" else base)
            if kind and (is_transformer(kind) or not _may_be_model(kind, call)):
                return
            container = _iterated(node, receiver.id)
            variable = container or receiver.id
            here = not container and _constructed(node, variable)
            defined = identifier if here else self.defined.get(variable, (identifier, receiver))[0]
            if not kind and not container and len(call.node.args) + len(call.node.keywords) == 0:
                return
            self.add(variable, kind, defined, identifier, call)
        elif isinstance(receiver, ast.Call) and base != "?" and not is_transformer(base) and _may_be_model(base, call):
            found = self.add(
                _target(node), self.types_after(identifier, _target(node)) or base, identifier, identifier, call
            )
            found.inner = found.inner or self.inner_of(receiver)
        elif isinstance(receiver, ast.Subscript) and isinstance(receiver.value, ast.Name):
            self.add(
                receiver.value.id, "", self.defined.get(receiver.value.id, (identifier, receiver))[0], identifier, call
            )

    def trained_by(self, identifier: str, node: ast.stmt, call: Call) -> None:
        """A training function of the author's: the networks and estimators passed to it are trained."""
        names = [a.id for a in (*call.node.args, *(k.value for k in call.node.keywords)) if isinstance(a, ast.Name)]
        for name in names:
            kind = self.types.get(name, "")
            if name in self.networks or kind.removeprefix("__main__.") in self.own_models or _estimator(kind):
                self.add(
                    name, kind, self.defined.get(name, (identifier, call.node))[0], identifier, None
                ).iterative = True

    def loop(self, identifier: str, node: ast.stmt, calls: Sequence[Call]) -> None:
        """A training loop at the top level: every network that it calls is trained."""
        if not isinstance(node, (ast.For, ast.While, ast.With)) or not any(c.name.endswith(".backward") for c in calls):
            return
        named = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        for name, defined in self.networks.items():
            if name in named:
                self.add(name, self.types.get(name, ""), defined, identifier, None).iterative = True

    def bind(self, identifier: str, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            self.defined[name] = (identifier, node.value)
            self.types.pop(name, None)
        traced = self.trace.statements.get(identifier)
        for name, value in (traced.bound if traced else {}).items():
            self.types[name] = value.type
            self.defined.setdefault(name, (identifier, ast.Constant(None)))
            module = any(b in ("torch.nn.Module", "torch.nn.modules.module.Module") for b in value.bases)
            if module and not _is_loss(value.type):
                self.networks[name] = identifier
        if traced is None and isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func)
            name = _target(node)
            if called in self.own_models or called in ("nn.Sequential", "torch.nn.Sequential"):
                self.networks[name] = identifier
                self.types[name] = f"__main__.{called}" if called in self.own_models else "torch.nn.Sequential"

    def add(self, variable: str, kind: str, defined: str, trained: str, call: Call | None) -> _Found:
        kind = kind or self.types.get(variable, "")
        for found in self.found:
            if found.variable == variable and found.defined == defined and variable:
                found.trained.append(trained)
                return found
        made = _Found(variable, kind, defined, [trained])
        if variable in self.defined and self.defined[variable][0] == defined:
            made.inner = self.inner_of(self.defined[variable][1])
        if call is not None:
            first = 1 if call.name in _TRAINERS else 0
            named = [k.value for k in call.node.keywords if k.arg in ("X", "x", "y", "dtrain", "train_set")]
            made.features = tuple(ast.unparse(a) for a in (*call.node.args, *named)[first : first + 2])
        self.found.append(made)
        return made

    def types_after(self, identifier: str, variable: str) -> str:
        traced = self.trace.statements.get(identifier)
        value = traced.bound.get(variable) if traced else None
        return value.type if value else ""

    def inner_of(self, node: ast.expr, depth: int = 0) -> str:
        """Return the bare class of the estimator inside a pipeline or a search; empty where there is none."""
        if isinstance(node, ast.Name) and node.id in self.defined and depth < 5:
            return self.inner_of(self.defined[node.id][1], depth + 1)
        if isinstance(node, ast.Tuple) and node.elts:
            return self.inner_of(node.elts[-1], depth + 1)
        if isinstance(node, ast.Attribute) and node.attr in ("best_estimator_", "estimator"):
            return self.inner_of(node.value, depth + 1)
        if not isinstance(node, ast.Call):
            return ""
        if ast.unparse(node.func).rsplit(".", 1)[-1] == "clone" and node.args:
            return self.inner_of(node.args[0], depth + 1)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("fit", "set_params"):
            return self.inner_of(node.func.value, depth)
        bare = ast.unparse(node.func).rsplit(".", 1)[-1]
        if bare not in _WRAPPERS:
            return bare if bare[:1].isupper() and depth else ""
        if bare == "make_pipeline" and node.args:
            return self.inner_of(node.args[-1], depth + 1)
        inside = [k.value for k in node.keywords if k.arg in ("estimator", "steps")]
        first = node.args[0] if node.args else inside[0] if inside else None
        if isinstance(first, ast.List) and first.elts:
            first = first.elts[-1]
        return self.inner_of(first, depth + 1) if first is not None else ""


def _may_be_model(kind: str, call: Call) -> bool:
    if kind.startswith(("pandas", "numpy", "matplotlib", "scipy.stats", "builtins", "torch.utils")):
        return False
    return bool(call.node.args or call.node.keywords) or kind.startswith("statsmodels")


def _estimator(kind: str) -> bool:
    return kind.startswith(("sklearn.", "xgboost.", "lightgbm.", "catboost.")) and not is_transformer(kind)


def _is_loss(kind: str) -> bool:
    return kind.rsplit(".", 1)[-1].endswith("Loss")


def _target(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return ""


def _iterated(node: ast.stmt, name: str) -> str:
    """Return the variable whose items a variable takes in a loop; empty where it takes none."""
    for part in ast.walk(node):
        if isinstance(part, (ast.For, ast.comprehension)):
            if name in {n.id for n in ast.walk(part.target) if isinstance(n, ast.Name)}:
                return _container(_position(part.target, part.iter, name))
        elif _takes_item(node, part, name):
            return _container(part.value) if isinstance(part, ast.Assign) else ""
    return ""


def _takes_item(node: ast.stmt, part: ast.AST, name: str) -> bool:
    inside = isinstance(node, (ast.For, ast.While)) and isinstance(part, ast.Assign)
    return inside and isinstance(part, ast.Assign) and _binds(part, name) and _item(part.value)


def _binds(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _constructed(node: ast.stmt, name: str) -> bool:
    """Tell whether a compound statement constructs a variable itself, anew in each round."""
    return not isinstance(node, ast.Assign) and any(
        isinstance(part, ast.Assign) and _binds(part, name) and isinstance(part.value, ast.Call)
        for part in ast.walk(node)
    )


def _position(target: ast.expr, source: ast.expr, name: str) -> ast.expr:
    """Return the argument of `zip` that a loop variable takes its items from; else the whole source."""
    if not (isinstance(source, ast.Call) and isinstance(source.func, ast.Name)):
        return source
    if source.func.id == "enumerate" and isinstance(target, ast.Tuple) and source.args:
        return _position(target.elts[-1], source.args[0], name)
    if source.func.id == "zip" and isinstance(target, ast.Tuple) and len(target.elts) == len(source.args):
        pairs = zip(target.elts, source.args, strict=True)
        return next((s for t, s in pairs if isinstance(t, ast.Name) and t.id == name), source)
    return source


def _item(node: ast.expr) -> bool:
    """Tell whether an expression takes an item out of a container: `models[name]`, `list(models.values())[i]`."""
    return isinstance(node, ast.Subscript) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    )


def _container(node: ast.expr) -> str:
    names = [
        n.id
        for n in ast.walk(node.value if isinstance(node, ast.Subscript) else node)
        if isinstance(n, ast.Name) and not hasattr(builtins, n.id)
    ]
    return names[0] if names else ""


def _named(found: Sequence[_Found], swept: Collection[str]) -> tuple[ModelUse, ...]:
    """Name the models by their class; those that a loop makes anew take the higher numbers."""
    made: dict[int, ModelUse] = {}
    counts: dict[str, int] = {}
    for place, item in sorted(enumerate(found), key=lambda pair: (pair[1].defined in swept, pair[0])):
        bare = item.inner or item.type
        wrapped = any(item.type.endswith(w) for w in _WRAPPERS)
        known = (
            bare and bare.rsplit(".", 1)[-1] not in ("list", "dict", "tuple", "") and not (wrapped and not item.inner)
        )
        base = _BOOSTERS.get(item.type) or model_name(bare) if known else snake_case(item.variable or "model")
        counts[base] = counts.get(base, 0) + 1
        name = base if counts[base] == 1 else f"{base}_{counts[base]}"
        made[place] = ModelUse(
            name=name,
            variable=item.variable,
            type=item.type or "",
            defined=item.defined,
            trained=tuple(dict.fromkeys(item.trained)),
            framework=_framework(item.type),
            iterative=item.iterative,
            task=_task(item.inner or item.type),
            features=item.features,
        )
    return tuple(made[place] for place in sorted(made))


def _framework(kind: str) -> Framework:
    top = kind.partition(".")[0]
    if top == "__main__":
        return "own"
    names: dict[str, Framework] = {
        "sklearn": "sklearn",
        "imblearn": "sklearn",
        "xgboost": "xgboost",
        "lightgbm": "lightgbm",
        "catboost": "catboost",
        "torch": "torch",
        "keras": "keras",
        "tensorflow": "keras",
        "statsmodels": "statsmodels",
    }
    return names.get(top, "other")


def _task(kind: str) -> Task:
    bare = kind.rsplit(".", 1)[-1]
    plain = bare.removesuffix("CV")
    if kind.startswith(("sklearn.cluster", "hdbscan")) or plain in _CLUSTERINGS:
        return "clustering"
    if "Classifi" in bare or plain in _CLASSIFIERS or plain.endswith(("NB", "DiscriminantAnalysis")):
        return "classification"
    if "Regress" in bare or plain in _REGRESSORS:
        return "regression"
    return "decomposition" if bare in ("PCA", "TruncatedSVD", "NMF", "TSNE", "FastICA") else "other"
