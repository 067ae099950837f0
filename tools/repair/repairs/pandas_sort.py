"""`sort` of frames, `order` of series, `sort_index(by=…)`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.receivers import is_one_of
from tools.repair.rewrite import keyword, rewrite


def change(code: str, scope: Scope) -> str:
    """Return the statement with `sort_values`."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (isinstance(original, cst.Call) and isinstance(updated, cst.Call)):
            return None
        func = updated.func
        if not isinstance(func, cst.Attribute):
            return None
        by = keyword(updated, "by") is not None
        if func.attr.value == "sort_index" and not by:
            return None
        if func.attr.value not in ("sort", "order", "sort_index"):
            return None
        if not is_one_of(original, ("DataFrame", "Series"), scope, failing):
            return None
        name = "sort_values" if updated.args or func.attr.value == "order" else "sort_index"
        arguments = [
            a.with_changes(keyword=cst.Name("by")) if a.keyword and a.keyword.value == "columns" else a
            for a in updated.args
        ]
        return updated.with_changes(func=func.with_changes(attr=cst.Name(name)), args=arguments)

    return rewrite(code, scope, (cst.Call,), rule)


REPAIR = Codemod(
    code="pandas-sort",
    library="pandas",
    since="0.20",
    reason="`DataFrame.sort` and `Series.order` are gone: `sort_values` sorts by values",
    mentions=(".sort(", ".order(", "sort_index"),
    change=change,
    errors=(
        r"no attribute '(sort|order)'",
        r"sort_index\(\) got an unexpected keyword argument 'by'",
    ),
)
