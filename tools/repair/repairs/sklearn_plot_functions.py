"""`plot_confusion_matrix` and its kin."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import moved
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import arguments_of, calls

_DISPLAYS = {
    "plot_confusion_matrix": "ConfusionMatrixDisplay",
    "plot_roc_curve": "RocCurveDisplay",
    "plot_precision_recall_curve": "PrecisionRecallDisplay",
    "plot_det_curve": "DetCurveDisplay",
}
_MOVE = moved({f"sklearn.metrics.{old}": f"sklearn.metrics.{new}" for old, new in _DISPLAYS.items()})


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of the display; its import is rewritten as a name that stays bound."""
    module, _, name = qualified(original.func, scope).rpartition(".")
    if module != "sklearn.metrics" or name not in _DISPLAYS:
        return None
    return f"{text_of(updated.func)}.from_estimator({', '.join(arguments_of(updated))})"


def change(code: str, scope: Scope) -> str:
    """Return the statement with the displays."""
    return _MOVE(calls(_rewritten)(code, scope), scope)


REPAIR = Codemod(
    code="sklearn-plot-functions",
    library="scikit-learn",
    since="1.2",
    reason=(
        "`plot_confusion_matrix`, `plot_roc_curve` and `plot_precision_recall_curve` are gone: the displays "
        "draw the same `from_estimator`"
    ),
    mentions=tuple(_DISPLAYS),
    change=change,
    errors=(r"(cannot import name|no attribute) 'plot_(confusion_matrix|roc_curve|precision_recall_curve|det_curve)'",),
    certain=True,
)
