"""Constants that belong in configuration: what they are, and what a person would call them."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from tools.analysis.knowledge.load import is_transformer, model_name, snake_case
from tools.analysis.model import DataSource, Hyperparameter, ModelUse, Span, Stage, StatementFacts
from tools.analysis.qualified import Call
from tools.notebook.model import Statement

Section = Literal["", "data", "preprocessing", "model", "training", "evaluation"]
Kind = Literal["hyperparameter", "path", "seed", "threshold", "columns", "count", "grid", "constant"]

_LIBRARIES = (
    "sklearn.",
    "xgboost.",
    "lightgbm.",
    "catboost.",
    "imblearn.",
    "torch.",
    "keras.",
    "tensorflow.",
    "mlxtend.",
)
_STRUCTURAL = {
    *(
        "axis",
        "inplace",
        "stratify",
        "verbose",
        "n_jobs",
        "index_col",
        "columns",
        "labels",
        "average",
        "pos_label",
        "copy",
    ),
    *("index", "sep", "header", "names", "usecols", "dtype", "parse_dates", "ignore_index", "sparse", "sparse_output"),
    *("handle_unknown", "remainder", "return_X_y", "as_frame", "squared", "drop", "scoring", "shuffle", "input_shape"),
    *(
        "probability",
        "eval_metric",
        "use_label_encoder",
        "objective",
        "nthread",
        "weights_only",
        "retain_graph",
        "output",
    ),
    *(
        "requires_grad",
        "device",
        "non_blocking",
        "pin_memory",
        "num_workers",
        "drop_last",
        "refit",
        "error_score",
        "silent",
    ),
    *(
        "return_train_score",
        "data_home",
        "download",
        "subset",
        "fit_intercept",
        "include_bias",
        "set_output",
        "dim",
        "size",
    ),
}
_SEEDS = {"random_state", "seed", "random_seed", "RANDOM_STATE", "SEED", "RANDOM_SEED", "rng_seed"}
_SEEDERS = {
    "numpy.random.seed",
    "random.seed",
    "torch.manual_seed",
    "tensorflow.random.set_seed",
    "numpy.random.default_rng",
}
_POSITIONAL = {
    "sklearn.neighbors.KNeighborsClassifier": ("n_neighbors",),
    "sklearn.neighbors.KNeighborsRegressor": ("n_neighbors",),
    "sklearn.cluster.KMeans": ("n_clusters",),
    "sklearn.decomposition.PCA": ("n_components",),
    "sklearn.preprocessing.PolynomialFeatures": ("degree",),
    "sklearn.ensemble.RandomForestClassifier": ("n_estimators",),
    "sklearn.ensemble.RandomForestRegressor": ("n_estimators",),
    "sklearn.linear_model.Ridge": ("alpha",),
    "sklearn.linear_model.Lasso": ("alpha",),
}
_SECTION_OF_STAGE: dict[Stage, Section] = {
    "data": "data",
    "model": "model",
    "training": "training",
    "evaluation": "evaluation",
}


def find_hyperparameters(
    statements: Sequence[Statement],
    trees: Mapping[str, ast.Module],
    facts: Mapping[str, StatementFacts],
    calls: Mapping[str, Sequence[Call]],
    models: Sequence[ModelUse],
    sources: Sequence[DataSource],
) -> tuple[Hyperparameter, ...]:
    """Return the constants in order of appearance; places with the same meaning and value share a key.

    Args:
        statements: In run order.
        trees: Parsed code by statement id.
        facts: With stages.
        calls: Resolved calls by statement id.
        models: Of the notebook.
        sources: Data that it reads.
    """
    search = _Search(facts, models)
    bound = Counter(name for statement in statements for name in facts[statement.id].defines)
    for statement in statements:
        node = trees[statement.id].body[0]
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)):
            continue
        search.assigned(statement, node, bound)
        for call in calls[statement.id]:
            search.call(statement, call)
        search.loop(statement, node)
        for source in sources:
            if source.statement == statement.id and source.span and source.kind == "file":
                search.path(statement, source)
    return tuple(search.settled())


class _Search:
    def __init__(self, facts: Mapping[str, StatementFacts], models: Sequence[ModelUse]) -> None:
        self.facts = facts
        self.models = {m.defined: m.name for m in models}
        self.found: list[Hyperparameter] = []
        self.taken: set[tuple[str, Span]] = set()

    def add(
        self, statement: Statement, node: ast.expr, section: Section, key: str, kind: Kind, variable: str = ""
    ) -> None:
        place = (statement.id, span_of(node))
        value = literal_of(node)
        if value is None or place in self.taken:
            return
        annotation = annotation_of(value)
        if annotation is None:
            return
        self.taken.add(place)
        comment = _comment(statement, node)
        self.found.append(
            Hyperparameter(
                key=key,
                section=section,
                value=repr(value),
                annotation=annotation,
                kind=kind,
                statement=statement.id,
                span=place[1],
                variable=variable,
                comment=comment,
            )
        )

    def assigned(self, statement: Statement, node: ast.stmt, bound: Counter[str]) -> None:
        """`SEED = 42`, `skewed = ["a", "b"]`: a literal under a name that is never bound again."""
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            return
        name = node.targets[0].id
        value = literal_of(node.value)
        if value is None or bound[name] != 1 or name.startswith("_") or isinstance(value, (bool, type(None))):
            return
        if value in ([], {}, 0, "", 0.0) or (isinstance(value, str) and len(value) > 120):
            return
        if name in _SEEDS or name.lower() in _SEEDS:
            self.add(statement, node.value, "", "seed", "seed", name)
        elif isinstance(value, str) and ("/" in value or value.endswith((".csv", ".parquet", ".xlsx", ".json"))):
            self.add(statement, node.value, "data", snake_case(name), "path", name)
        elif isinstance(value, dict):
            if "param" in name.lower() or "grid" in name.lower():
                self.add(statement, node.value, "model", snake_case(name), "grid", name)
        else:
            section = self.section(statement, name)
            kind: Kind = (
                "columns" if isinstance(value, list) else "threshold" if "thresh" in name.lower() else "constant"
            )
            self.add(statement, node.value, section, snake_case(name), kind, name)

    def section(self, statement: Statement, name: str) -> Section:
        """Return the section of a named constant: that of the first statement that reads it."""
        low = name.lower()
        if any(word in low for word in ("epoch", "batch", "learning_rate", "lr", "momentum", "decay")):
            return "training"
        if any(word in low for word in ("thresh", "cutoff")):
            return "evaluation"
        if any(word in low for word in ("hidden", "dropout", "layers", "n_estimators", "max_depth")):
            return "model"
        for facts in self.facts.values():
            if name in facts.own_reads:
                return _SECTION_OF_STAGE[facts.stage]
        return "data"

    def call(self, statement: Statement, call: Call) -> None:
        """Keyword and known positional arguments of constructors and functions."""
        name = call.name
        if name in _SEEDERS and call.node.args:
            self.add(statement, call.node.args[0], "", "seed", "seed")
            return
        method = name.rpartition(".")[2]
        section, prefix = self.owner(statement, call)
        for keyword in call.node.keywords:
            if keyword.arg in _SEEDS:
                self.add(statement, keyword.value, "", "seed", "seed")
            elif section is not None and keyword.arg and keyword.arg not in _STRUCTURAL:
                if isinstance(literal_of(keyword.value), (bool, type(None))):
                    continue
                self.add(statement, keyword.value, section, _joined(prefix, keyword.arg), "hyperparameter")
        for argument, key in zip(call.node.args, _POSITIONAL.get(name, ()), strict=False):
            if section is not None:
                self.add(statement, argument, section, _joined(prefix, key), "hyperparameter")
        if method in ("GridSearchCV", "RandomizedSearchCV") and len(call.node.args) > 1:
            self.add(statement, call.node.args[1], "model", _joined(prefix, "param_grid"), "grid")

    def owner(self, statement: Statement, call: Call) -> tuple[Section | None, str]:
        """Return the section and key prefix for the arguments of a call; no section where they are no settings."""
        name = call.name
        bare = name.rpartition(".")[2]
        if name == "sklearn.model_selection.train_test_split":
            return "data", ""
        if name.startswith("sklearn.model_selection.cross_val") or name.startswith(
            "sklearn.model_selection.cross_validate"
        ):
            return "evaluation", ""
        if name.startswith("sklearn.model_selection."):
            searches = "Search" in bare
            return ("model", self.models.get(statement.id, snake_case(bare))) if searches else ("evaluation", "")
        if name.startswith(("torch.optim.", "keras.optimizers", "tensorflow.keras.optimizers")):
            return "training", "" if not bare.endswith("LR") else snake_case(bare)
        if name.startswith("torch.utils.data."):
            return "training", ""
        if bare == "fit" and "transform" not in name:
            return "training", ""
        if name.startswith(_LIBRARIES) and bare[:1].isupper() and not name.startswith(("torch.nn", "sklearn.metrics")):
            if is_transformer(name) or name.startswith(("sklearn.compose", "sklearn.pipeline")):
                return "preprocessing", snake_case(bare)
            return "model", model_name(name)
        return None, ""

    def loop(self, statement: Statement, node: ast.stmt) -> None:
        """`for epoch in range(30)`: how often a training loop runs."""
        if (
            not isinstance(node, ast.For)
            or not isinstance(node.iter, ast.Call)
            or self.facts[statement.id].stage != "training"
        ):
            return
        if isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range" and len(node.iter.args) == 1:
            name = node.target.id if isinstance(node.target, ast.Name) else "epoch"
            key = "epochs" if "ep" in name or name in ("i", "_", "t") else f"{snake_case(name)}_count"
            self.add(statement, node.iter.args[0], "training", key, "count")

    def path(self, statement: Statement, source: DataSource) -> None:
        if source.span is None or (statement.id, source.span) in self.taken:
            return
        self.taken.add((statement.id, source.span))
        self.found.append(
            Hyperparameter(
                key="path",
                section="data",
                value=repr(source.path),
                annotation="str",
                kind="path",
                statement=statement.id,
                span=source.span,
            )
        )

    def settled(self) -> list[Hyperparameter]:
        """Give keys that mean different values different names; the same key and value stay one."""
        values: dict[tuple[str, str], list[str]] = {}
        for item in self.found:
            known = values.setdefault((item.section, item.key), [])
            if item.value not in known:
                known.append(item.value)
        made: list[Hyperparameter] = []
        for item in self.found:
            known = values[item.section, item.key]
            if len(known) == 1 or item.value == known[0]:
                made.append(item)
                continue
            made.append(item.model_copy(update={"key": f"{item.key}_{known.index(item.value) + 1}"}))
        return made


def span_of(node: ast.expr) -> Span:
    """Return where an expression stands in the statement's code."""
    return (node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)


def literal_of(node: ast.expr) -> object:
    """Return the value of a literal expression; None where it is none (or is `None`)."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, (bool, int, float, str, list, dict)) else None


def annotation_of(value: object) -> str | None:
    """Return the type of a value that a configuration file can hold; None where it cannot hold it."""
    if isinstance(value, (bool, int, float, str)):
        return type(value).__name__
    if isinstance(value, list) and value:
        kinds = {type(item) for item in value}
        if kinds <= {int, float} and float in kinds:
            return "list[float]"
        if len(kinds) == 1 and kinds <= {bool, int, float, str}:
            return f"list[{kinds.pop().__name__}]"
        return None
    if isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        inner = {annotation_of(item) for item in value.values()}
        if len(inner) == 1 and None not in inner:
            return f"dict[str, {inner.pop()}]"
    return None


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key


def _comment(statement: Statement, node: ast.expr) -> str:
    """Return the comment at the end of the line on which an expression ends."""
    lines = statement.source.split("\n")
    offset = len(lines) - len(statement.code.split("\n"))
    index = offset + (node.end_lineno or 1) - 1
    if not 0 <= index < len(lines):
        return ""
    _, mark, text = lines[index].rpartition("#")
    inside = text.count('"') % 2 or text.count("'") % 2
    return text.strip() if mark and not inside else ""
