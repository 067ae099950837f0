"""`DataFrame.append` and `Series.append`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.moved import named
from tools.repair.receivers import is_one_of
from tools.repair.rewrite import expression, rewrite, text_of

_PASSED_ON = ("ignore_index", "verify_integrity", "sort")


def change(code: str, scope: Scope) -> str:
    """Return the statement with `pd.concat`."""
    added: list[str] = []

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (isinstance(original, cst.Call) and isinstance(updated, cst.Call)):
            return None
        func = updated.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "append" or not updated.args:
            return None
        if not is_one_of(original, ("DataFrame", "Series"), scope, failing):
            return None
        return _concatenated(updated, func, added, scope)

    changed = rewrite(code, scope, (cst.Call,), rule)
    return "".join(f"{line}\n" for line in dict.fromkeys(added)) + changed


def _concatenated(call: cst.Call, func: cst.Attribute, added: list[str], scope: Scope) -> cst.BaseExpression | None:
    other = next((a for a in call.args if a.keyword is None or a.keyword.value == "other"), None)
    if other is None:
        return None
    value, frame = text_of(other.value), text_of(func.value)
    if isinstance(other.value, cst.List):
        rows = f"[{frame}, *{value}]"
    elif isinstance(other.value, cst.Dict):
        rows = f"[{frame}, {named('pandas.DataFrame', scope, added)}([{value}])]"
    else:
        series = isinstance(other.value, cst.Name) and scope.types.get(other.value.value) == frozenset({"Series"})
        holds_rows = series and _type_of(func.value, scope) == "DataFrame"
        rows = f"[{frame}, {value}.to_frame().T]" if holds_rows else f"[{frame}, {value}]"
    keywords = [f"{a.keyword.value}={text_of(a.value)}" for a in call.args if a.keyword and a is not other]
    positional = [a for a in call.args if a.keyword is None and a is not other]
    keywords = [f"{name}={text_of(a.value)}" for name, a in zip(_PASSED_ON, positional, strict=False)] + keywords
    return expression(f"{named('pandas.concat', scope, added)}({', '.join([rows, *keywords])})")


def _type_of(node: cst.BaseExpression, scope: Scope) -> str:
    known = scope.types.get(node.value, frozenset()) if isinstance(node, cst.Name) else frozenset()
    return next(iter(known)) if len(known) == 1 else ""


REPAIR = Codemod(
    code="pandas-append",
    library="pandas",
    since="2.0",
    reason="`append` of frames and series is gone: `pd.concat` puts them together",
    mentions=(".append",),
    change=change,
    errors=(r"'(DataFrame|Series)' object has no attribute 'append'",),
)
