"""`sklearn.cross_validation`: its functions moved, and its splitters no longer take the number of rows."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import moved
from tools.repair.rewrite import expression, keyword, qualified, rewrite, text_of

_OLD = "sklearn.cross_validation"
_SPLITTERS = {
    "KFold": ("n_folds", "shuffle", "random_state"),
    "StratifiedKFold": ("n_folds", "shuffle", "random_state"),
    "ShuffleSplit": ("n_iter", "test_size", "train_size", "random_state"),
    "StratifiedShuffleSplit": ("n_iter", "test_size", "train_size", "random_state"),
    "LeaveOneOut": (),
}
"""Splitters and what they took behind the number of rows (or the labels, where they are stratified)."""
_RENAMED = {"n_folds": "n_splits", "n_iter": "n_splits"}
_FOLDS = {"KFold": "3", "StratifiedKFold": "3", "ShuffleSplit": "10", "StratifiedShuffleSplit": "10"}
"""How many splits there were by default."""


def change(code: str, scope: Scope) -> str:
    """Return the statement with `sklearn.model_selection`; a splitter becomes the list of its splits."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (isinstance(original, cst.Call) and isinstance(updated, cst.Call)):
            return None
        module, _, name = qualified(original.func, scope).rpartition(".")
        return _splits(updated, name) if module == _OLD and name in _SPLITTERS else None

    return moved({_OLD: "sklearn.model_selection"})(rewrite(code, scope, (cst.Call,), rule), scope)


def _splits(call: cst.Call, name: str) -> cst.BaseExpression | None:
    positional = [argument for argument in call.args if argument.keyword is None]
    first = positional[0] if positional else keyword(call, "n") or keyword(call, "y")
    if first is None or any(argument.star for argument in call.args):
        return None
    passed = {key: text_of(a.value) for key, a in zip(_SPLITTERS[name], positional[1:], strict=False)}
    for argument in call.args:
        if argument.keyword is not None and argument is not first:
            passed[argument.keyword.value] = text_of(argument.value)
    if not set(passed) <= {*_SPLITTERS[name], "indices"}:
        return None
    passed.pop("indices", None)
    if name in _FOLDS:
        passed.setdefault(_SPLITTERS[name][0], _FOLDS[name])
    if "Shuffle" in name:
        passed.setdefault("test_size", "0.1")
    arguments = ", ".join(f"{_RENAMED.get(key, key)}={value}" for key, value in passed.items())
    rows = text_of(first.value)
    given = f"{rows}, {rows}" if name.startswith("Stratified") else f"range({rows})"
    return expression(f"list({text_of(call.func)}({arguments}).split({given}))")


REPAIR = Codemod(
    code="sklearn-cross-validation",
    library="scikit-learn",
    since="0.20",
    reason=(
        "`sklearn.cross_validation` is gone: its functions are in `sklearn.model_selection`, and its splitters, which "
        "took the number of rows and were iterated over, become lists of their splits"
    ),
    mentions=("cross_validation", "KFold", "ShuffleSplit", "LeaveOneOut"),
    change=change,
    errors=(r"sklearn\.cross_validation", r"cannot import name 'cross_validation'", r"attribute 'cross_validation'"),
    certain=True,
)
