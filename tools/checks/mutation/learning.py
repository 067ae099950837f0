"""Operators for machine learning: what goes wrong in pipelines without an error."""

import ast
from collections.abc import Iterator

from tools.checks.mutation.model import Change, Operator, Place

_FITS = {"fit", "partial_fit", "fit_transform"}
_PREDICTS = {"predict", "predict_proba", "decision_function"}
_RANKED = {"accuracy_score", "f1_score", "precision_score", "recall_score", "roc_auc_score", "r2_score"}
_SPLITS = {"train_test_split"}


def shuffled_labels(place: Place) -> Iterator[Change]:
    """Fit on labels in reverse order: features and labels no longer belong together."""
    node = place.node
    if _method(node) in _FITS and isinstance(node, ast.Call) and len(node.args) >= 2:
        label = node.args[1]
        yield label, f"{_wrapped(label)}[::-1]"


def no_fit(place: Place) -> Iterator[Change]:
    """Leave the training out."""
    node = place.node
    if isinstance(node, ast.Expr) and _method(node.value) in {*_FITS, "backward", "step"}:
        yield node, "pass"


def swapped_split(place: Place) -> Iterator[Change]:
    """Hand training and test part out the wrong way round."""
    node = place.node
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return
    names = [ast.unparse(t) for t in node.targets[0].elts]
    if isinstance(node.value, ast.Call) and _called(node.value) in _SPLITS and len(names) % 2 == 0:
        swapped = [name for pair in zip(names[1::2], names[::2], strict=True) for name in pair]
        yield node.targets[0], ", ".join(swapped)


def leaking_split(place: Place) -> Iterator[Change]:
    """Split without shuffling, or without keeping the classes' shares."""
    node = place.node
    if isinstance(node, ast.Call) and _called(node) in _SPLITS:
        for keyword in node.keywords:
            if keyword.arg in ("stratify", "random_state"):
                yield keyword.value, "None"


def constant_prediction(place: Place) -> Iterator[Change]:
    """Predict the same for every row."""
    node = place.node
    if isinstance(node, ast.Call) and _method(node) in _PREDICTS:
        yield node, f"({ast.unparse(node)} * 0)"


def inverted_metric(place: Place) -> Iterator[Change]:
    """Turn a metric round."""
    node = place.node
    if isinstance(node, ast.Call) and _called(node) in _RANKED:
        yield node, f"(1 - {ast.unparse(node)})"


def dropped_column(place: Place) -> Iterator[Change]:
    """Lose a column: of a list of columns, or one that is dropped on purpose."""
    node = place.node
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        target = node.targets[0]
        named = isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)
        if named and not _is_metrics(target.value):
            yield node, "pass"
    if isinstance(node, ast.Call) and _method(node) == "drop" and isinstance(node.func, ast.Attribute):
        yield node, f"{ast.unparse(node)}.iloc[:, 1:]" if _drops_columns(node) else ast.unparse(node.func.value)


def lost_metric(place: Place) -> Iterator[Change]:
    """Forget to report a metric."""
    node = place.node
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if isinstance(target, ast.Subscript) and _is_metrics(target.value):
        yield node, "pass"


def rows_lost(place: Place) -> Iterator[Change]:
    """Skip cleaning: duplicates, gaps and filters stay as they are."""
    node = place.node
    cleaning = {"drop_duplicates", "dropna", "fillna", "query"}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in cleaning:
        yield node, ast.unparse(node.func.value)


def _method(node: ast.AST) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _is_metrics(node: ast.expr) -> bool:
    return any(word in ast.unparse(node).lower() for word in ("metric", "score"))


def _drops_columns(node: ast.Call) -> bool:
    return any(k.arg in ("columns", "axis") for k in node.keywords)


def _wrapped(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call) else f"({text})"


OPERATORS = (
    Operator("shuffled labels", 0, shuffled_labels),
    Operator("no-op fit", 0, no_fit),
    Operator("swapped train and test", 0, swapped_split),
    Operator("constant prediction", 0, constant_prediction),
    Operator("inverted metric", 0, inverted_metric),
    Operator("dropped column", 0, dropped_column),
    Operator("metric not reported", 1, lost_metric),
    Operator("cleaning left out", 1, rows_lost),
    Operator("split setting ignored", 1, leaking_split),
)
