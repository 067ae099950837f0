"""Expressions that are a metric: how far around a call the number reaches, which variable holds it, its label."""

import ast
import re
from collections.abc import Iterator, Mapping

from tools.analysis.knowledge.load import snake_case

METRIC_NAME = re.compile(
    r"(?:^|_)(acc|accuracy|accuracies|rmse|mse|mae|mape|mdape|smape|r2|recall|precision|f1|auc|roc_auc|score|scores|loss|"
    r"losses|error|silhouette|logloss|perplexity|bleu|iou|dice|kappa|mcc)(?:$|_|\d)"
)
SPELLED = {"acc": "accuracy", "accuracies": "accuracy", "scores": "score", "losses": "loss", "logloss": "log_loss"}
ATTRIBUTES = {
    "best_score_": ("best_score", True),
    "oob_score_": ("oob_score", True),
    "inertia_": ("inertia", False),
    "rsquared": ("r2", True),
    "rsquared_adj": ("adjusted_r2", True),
    "aic": ("aic", False),
    "bic": ("bic", False),
}
"""Attributes of fitted objects that are metrics: name, and whether more is better."""
_WRAPPING = frozenset({"round", "float", "abs", "sqrt", "mean", "item", "int", "median", "around"})
_METHODS = frozenset({"mean", "item", "round", "std", "max", "min"})
_COLLECTING = (ast.Dict, ast.List, ast.Tuple, ast.keyword, ast.ListComp, ast.DictComp)


def outermost(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """Return the largest expression around a metric call that is still the number itself."""
    while True:
        parent = parents.get(node)
        if isinstance(parent, ast.BinOp):
            other = parent.right if parent.left is node else parent.left
            if is_text(other) or (isinstance(parent.op, ast.Mult) and _constant(other) == 100):
                return node
            node = parent
        elif isinstance(parent, ast.UnaryOp) or _wraps(parent, node):
            node = parent if parent is not None else node
        elif isinstance(parent, ast.Attribute) and parent.attr in _METHODS:
            called = parents.get(parent)
            if not isinstance(called, ast.Call):
                return node
            node = called
        else:
            return node


def holder(top: ast.AST, parents: Mapping[ast.AST, ast.AST], statement: ast.stmt) -> str:
    """Return the variable that holds the number after the statement; empty where none does."""
    node = top
    while True:
        parent = parents.get(node)
        if isinstance(parent, _COLLECTING):
            node = parent
        elif isinstance(parent, ast.Assign) and parent.value is node:
            target = parent.targets[0]
            if isinstance(target, ast.Name):
                return target.id if not isinstance(statement, (ast.For, ast.While)) else ""
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                return target.value.id
            return ""
        elif isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "append":
            return parent.func.value.id if isinstance(parent.func.value, ast.Name) else ""
        elif isinstance(parent, ast.Call) and _bare(parent.func) in ("DataFrame", "Series", "dict", "array"):
            node = parent
        else:
            return ""


def collected(top: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Tell whether the number is put into a container, so that the holder holds several."""
    parent = parents.get(top)
    if isinstance(parent, (*_COLLECTING, ast.Call)):
        return True
    return isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Subscript)


def label_of(top: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> str:
    """Return the text that a print puts before a number, in snake case: `knn_recall`; empty where there is none."""
    node = top
    while (parent := parents.get(node)) is not None and not isinstance(parent, ast.stmt):
        before: list[ast.expr] = []
        if isinstance(parent, ast.JoinedStr):
            before = parent.values
        elif isinstance(parent, ast.Call):
            receiver = parent.func.value if isinstance(parent.func, ast.Attribute) else None
            before = [receiver, *parent.args] if receiver is not None else list(parent.args)
        elif isinstance(parent, ast.BinOp):
            before = [parent.left, parent.right]
        index = next((number for number, part in enumerate(before) if part is node), 0)
        for part in reversed(before[:index]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                words = re.split(r"[\n:=({]", part.value.strip().strip(":=({ "))[-1]
                label = snake_case(re.sub(r"%\S*", "", words))
                if label and len(label) <= 40 and label[:1].isalpha():
                    return label
        node = parent
    return ""


def by_hand(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions in a printed or assigned one that compute a share of agreement or an error themselves."""
    for part in ast.walk(node):
        if not isinstance(part, ast.Call):
            continue
        bare = _bare(part.func)
        inner = part.args[0] if part.args else part.func.value if isinstance(part.func, ast.Attribute) else None
        agreed = inner is not None and any(
            isinstance(p, ast.Compare) and isinstance(p.ops[0], ast.Eq) for p in ast.walk(inner)
        )
        if agreed and bare in ("mean", "average", "sum"):
            yield part


def is_text(node: ast.expr) -> bool:
    """Tell whether an expression is a text literal or an f-string."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _wraps(parent: ast.AST | None, node: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and parent.func is not node and _bare(parent.func) in _WRAPPING


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _bare(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def on_training_rows(call: ast.Call) -> bool:
    """Tell whether a metric is given rows that were trained on, by what they are called."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = [part.id.lower() for value in given for part in ast.walk(value) if isinstance(part, ast.Name)]
    return (
        any("train" in n for n in names)
        and not any("test" in n or "val" in n or "trained" in n or "cross" in n for n in names)
        and "cross_val" not in ast.unparse(call.func)
    )


def reduces(node: ast.expr) -> bool:
    """Tell whether an expression boils something down to a number, or computes with numbers that are metrics."""
    words = ("mean", "median", "sum", "len", "item", "average", "norm", "nanmean")
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            called = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            if called in words:
                return isinstance(node, (ast.Call, ast.BinOp, ast.UnaryOp))
    names = [part.id.lower() for part in ast.walk(node) if isinstance(part, ast.Name)]
    return isinstance(node, ast.BinOp) and any(METRIC_NAME.search(name) for name in names)
