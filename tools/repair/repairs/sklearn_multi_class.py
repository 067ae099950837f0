"""`multi_class=` of `LogisticRegression`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import named
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call without the argument."""
    name = qualified(original.func, scope)
    argument = keyword(updated, "multi_class")
    if argument is None or not name.startswith("sklearn.") or not name.endswith(".LogisticRegression"):
        return None
    call = f"{text_of(updated.func)}({', '.join(arguments_of(updated, ('multi_class',)))})"
    solver = keyword(updated, "solver")
    plain = text_of(argument.value).strip("'\"")
    one_versus_rest = plain == "ovr" or (
        plain == "auto" and solver is not None and "liblinear" in text_of(solver.value)
    )
    if plain not in ("ovr", "auto", "multinomial"):
        return None
    return f"{named('sklearn.multiclass.OneVsRestClassifier', scope, added)}({call})" if one_versus_rest else call


change = calls(_rewritten)


REPAIR = Codemod(
    code="sklearn-multi-class",
    library="scikit-learn",
    since="1.8",
    reason=(
        "The argument `multi_class` is gone: `auto` and `multinomial` are what is done anyway (with another "
        "solver than `liblinear`); `ovr` becomes a `OneVsRestClassifier` of the same model"
    ),
    mentions=("multi_class",),
    change=change,
    errors=(r"LogisticRegression.*unexpected keyword argument 'multi_class'",),
    certain=True,
)
