"""`sklearn.preprocessing.Imputer` became `sklearn.impute.SimpleImputer`."""

import libcst as cst

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod, Scope
from tools.repair.moved import moved
from tools.repair.rewrite import keyword, qualified, rewrite, text_of

_OLD = "sklearn.preprocessing.Imputer"
_MOVE = moved({_OLD: "sklearn.impute.SimpleImputer"})


def change(code: str, scope: Scope) -> str:
    """Return the statement with the new class; one that works along rows (`axis=1`) is left alone."""
    rows: list[bool] = []

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> None:
        if isinstance(original, cst.Call) and qualified(original.func, scope) == _OLD:
            axis = keyword(original, "axis")
            rows.append(axis is not None and text_of(axis.value) == "1")

    rewrite(code, scope, (cst.Call,), rule)
    if any(rows):
        return code
    numpy = next((name for name, module in scope.imports.items() if module == "numpy"), "")
    missing = f"{numpy}.nan" if numpy else "float('nan')"
    edits = (Keyword("axis"), Keyword("verbose"), Keyword("missing_values", values={"'NaN'": missing}))
    return _MOVE(keywords(("sklearn.Imputer",), edits)(code, scope), scope)


REPAIR = Codemod(
    code="sklearn-imputer",
    library="scikit-learn",
    since="0.22",
    reason="`Imputer` is gone: `sklearn.impute.SimpleImputer` does the same along columns",
    mentions=("Imputer",),
    change=change,
    errors=(r"cannot import name 'Imputer'", r"attribute 'Imputer'"),
    certain=True,
)
