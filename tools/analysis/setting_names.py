"""What a person would call a constant: section, owner and name; the same name for the same thing only."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tools.analysis.knowledge.load import is_transformer, model_name, snake_case
from tools.analysis.model import Hyperparameter, Span, StatementFacts
from tools.analysis.qualified import Call

Section = Literal["", "data", "preprocessing", "model", "training", "evaluation"]
_LIBRARIES = (
    *("sklearn.", "xgboost.", "lightgbm.", "catboost.", "imblearn.", "keras.", "tensorflow.", "mlxtend."),
    *("statsmodels.", "prophet.", "fbprophet.", "hdbscan.", "umap.", "category_encoders.", "pygam."),
)
_NOT_OWNERS = ("sklearn.metrics", "sklearn.exceptions", "sklearn.inspection", "tensorflow.keras.layers", "keras.layers")
_WORDS: tuple[tuple[Section, tuple[str, ...]], ...] = (
    ("training", ("epoch", "batch", "learning_rate", "lr", "momentum", "decay", "patience", "n_iter")),
    ("evaluation", ("thresh", "cutoff", "cv", "folds", "n_splits")),
    ("model", ("hidden", "dropout", "layers", "n_estimators", "max_depth", "embedding", "n_clusters", "trees")),
    ("data", ("test_size", "path", "dir", "target", "url")),
)


def owner(call: Call, defined: str, by_variable: Mapping[str, str]) -> tuple[Section | None, str, str]:
    """Return section and key prefix for the arguments of a call, and the prefix that tells equal names apart.

    Args:
        call: The call; no section where its arguments are no settings.
        defined: Name of the model that the statement constructs; may be empty.
        by_variable: Names of models by variable.
    """
    name = call.name
    base, _, bare = name.rpartition(".")
    if bare == "train_test_split":
        return "data", "", ""
    if name.startswith("sklearn.model_selection."):
        if "Search" in bare:
            return "training", "", defined
        first = ast.unparse(call.node.args[0]) if call.node.args else ""
        return "evaluation", "", by_variable.get(first, snake_case(bare))
    if name.startswith(("torch.optim.", "keras.optimizers", "tensorflow.keras.optimizers")):
        return "training", snake_case(bare) if "lr_scheduler" in base else "", snake_case(bare)
    if name.startswith("torch.utils.data."):
        return "training", "", snake_case(bare)
    if name in ("torch.nn.Dropout", "keras.layers.Dropout", "tensorflow.keras.layers.Dropout"):
        return "model", "dropout", ""
    if bare in ("fit", "fit_generator") and not is_transformer(base) and isinstance(call.node.func, ast.Attribute):
        return "training", "", by_variable.get(ast.unparse(call.node.func.value), "")
    if name in ("xgboost.train", "lightgbm.train", "xgboost.cv", "lightgbm.cv"):
        return "training", "", ""
    if base == "pandas.DataFrame" and bare in ("sample", "rolling", "ewm"):
        return "preprocessing", bare, ""
    if not name.startswith(_LIBRARIES) or not bare[:1].isupper() or name.startswith(_NOT_OWNERS):
        return None, "", ""
    if is_transformer(name) or name.startswith(("sklearn.compose", "sklearn.pipeline")):
        return "preprocessing", snake_case(bare.removeprefix("Simple")), ""
    own = model_name(name)
    return "model", defined if defined.startswith(own) else own, ""


def path_key(variable: str) -> str:
    """Return the key of a path held in a variable: `DATA` is `path`, `TRAIN_FILE` stays, `train` is `train_path`."""
    name = snake_case(variable)
    if name in ("data", "file", "filename", "file_name", "path", "fname", "csv", "data_path", "file_path", "filepath"):
        return "path"
    return name if name.endswith(("path", "file", "dir", "url", "folder", "directory")) else f"{name}_path"


def constant_section(name: str, reader: StatementFacts | None) -> Section:
    """Return the section of a named constant: by the words of its name, else that of its first reader."""
    low = f"_{name.lower()}_"
    for section, words in _WORDS:
        if any(f"_{word}" in low for word in words):
            return section
    return reader.stage if reader else "data"


def folder_key(name: str, path: str) -> str:
    """Return the key of `DATA = Path("data")`: `data_dir`; that of a file as for any path."""
    if "." in path.rpartition("/")[2].strip("."):
        return path_key(name)
    key = snake_case(name)
    return key if key.endswith(("dir", "folder", "path", "root")) else f"{key}_dir"


def plural(name: str) -> str:
    """Return the name of several of a thing: `lags`, `alphas`, `classes`."""
    if name.endswith(("s", "x", "ch")):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else f"{name}s"


def bounds(node: ast.stmt, facts: StatementFacts) -> Iterator[tuple[ast.expr, str, str]]:
    """Yield (literal, column, `min` or `max`) of the bounds of rows or values; `threshold` of a probability.

    `df = df[df["age"] < 100]` keeps rows below a maximum; `df.loc[df["fare"] > 300, "fare"] = 300` caps the values.
    """
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)) or "visualize" in facts.roles:
        return
    capped = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
    for part in ast.walk(node):
        if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not _number(part.comparators[0]):
            continue
        above = isinstance(part.ops[0], (ast.Gt, ast.GtE))
        if not above and not isinstance(part.ops[0], (ast.Lt, ast.LtE)):
            continue
        if any("proba" in word or "prob" in word for word in _words(part.left)):
            yield part.comparators[0], "threshold", ""
            continue
        column = _column(part.left)
        if not column or facts.stage != "data" or not (facts.defines or facts.mutates):
            continue
        kind = "max" if above == capped else "min"
        yield part.comparators[0], column, kind
        if capped and isinstance(node, ast.Assign) and ast.unparse(node.value) == ast.unparse(part.comparators[0]):
            yield node.value, column, kind


def settled(
    found: Sequence[Hyperparameter], owners: Mapping[tuple[str, Span], tuple[Section, str]]
) -> tuple[Hyperparameter, ...]:
    """Give one key one value: the first (of seeds, the commonest) keeps the name, others get their owner's or a number.

    Args:
        found: All constants.
        owners: What tells a constant apart, by place: the section and model or function that it is passed to.
    """
    values: dict[tuple[str, str], Counter[str]] = {}
    for item in found:
        values.setdefault((item.section, item.key), Counter())[item.value] += 1
    first = {
        key: max(counted, key=lambda v: counted[v]) if key == ("", "seed") else next(iter(counted))
        for key, counted in values.items()
    }
    taken: dict[tuple[str, str], str] = dict(first)
    made: list[Hyperparameter] = []
    for item in found:
        if first[item.section, item.key] == item.value:
            made.append(item)
            continue
        section, other = owners.get((item.statement, item.span), (item.section, ""))
        key = f"{other}.{item.key}" if other and item.kind != "seed" else other or item.key
        if item.kind == "path" and other:
            key = other
        number, proposed = 1, key
        while taken.setdefault((section, proposed), item.value) != item.value:
            number += 1
            proposed = f"{key}_{number}"
        made.append(item.model_copy(update={"key": proposed, "section": section}))
    return tuple(made)


def _number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1)


def _words(node: ast.expr) -> list[str]:
    return [
        (part.id if isinstance(part, ast.Name) else part.attr).lower()
        for part in ast.walk(node)
        if isinstance(part, (ast.Name, ast.Attribute))
    ]


def _column(node: ast.expr) -> str:
    """Return the column that an expression is: `df["age"]`, `df.age`; empty where it is none."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr not in ("shape", "index"):
        return node.attr
    return ""
