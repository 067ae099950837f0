"""`mean_squared_error(squared=False)`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call without the argument, its root where that was asked for."""
    argument = keyword(updated, "squared")
    if argument is None or qualified(original.func, scope) not in (
        "sklearn.metrics.mean_squared_error",
        "sklearn.metrics.mean_squared_log_error",
    ):
        return None
    call = f"{text_of(updated.func)}({', '.join(arguments_of(updated, ('squared',)))})"
    return {"True": call, "False": f"({call} ** 0.5)"}.get(text_of(argument.value))


REPAIR = Codemod(
    code="sklearn-squared",
    library="scikit-learn",
    since="1.6",
    reason="The argument `squared` is gone: with `squared=False` it gave the root, which is now written out",
    mentions=("squared",),
    change=calls(_rewritten),
    errors=(r"unexpected keyword argument 'squared'",),
    certain=True,
)
