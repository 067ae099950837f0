"""A seed for folds that are not shuffled."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the splitter without its seed."""
    name = qualified(original.func, scope).rpartition(".")[2]
    shuffle = keyword(updated, "shuffle")
    if name not in ("KFold", "StratifiedKFold") or keyword(updated, "random_state") is None:
        return None
    if shuffle is not None and text_of(shuffle.value) != "False":
        return None
    return f"{text_of(updated.func)}({', '.join(arguments_of(updated, ('random_state',)))})"


REPAIR = Codemod(
    code="sklearn-splitter-random-state",
    library="scikit-learn",
    since="0.24",
    reason="A `random_state` without `shuffle=True` is an error: it changed nothing, and is taken out",
    mentions=("random_state",),
    change=calls(_rewritten),
    errors=(r"Setting a random_state has no effect since shuffle is False",),
)
