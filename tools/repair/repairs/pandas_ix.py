"""`.ix` took labels or positions."""

import re

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import expression, rewrite, text_of


def change(code: str, scope: Scope) -> str:
    """Return the statement with `.loc`; columns asked for by whole numbers are asked for by position."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (isinstance(updated, cst.Subscript) and isinstance(updated.value, cst.Attribute)):
            return None
        if updated.value.attr.value != "ix":
            return None
        asked = [text_of(element.slice).strip() for element in updated.slice]
        by_position = len(asked) == 2 and _is_position(asked[1])
        if by_position and asked[0] != ":":
            columns = f"{text_of(updated.value.value)}.columns[{asked[1]}]"
            return expression(f"{text_of(updated.value.value)}.loc[{asked[0]}, {columns}]")
        return updated.with_changes(value=updated.value.with_changes(attr=cst.Name("iloc" if by_position else "loc")))

    return rewrite(code, scope, (cst.Subscript,), rule)


def _is_position(text: str) -> bool:
    """Tell whether what is asked for of the columns are whole numbers, or a range or list of them."""
    return text.strip() != ":" and all(
        part.strip().lstrip("-").isdigit() or not part.strip() for part in re.split(r"[:,]", text.strip("[]"))
    )


REPAIR = Codemod(
    code="pandas-ix",
    library="pandas",
    since="1.0",
    reason="`.ix` is gone: `.loc` asks for labels, `.iloc` and `columns[…]` for positions",
    mentions=(".ix",),
    change=change,
    errors=(r"object has no attribute 'ix'",),
    certain=True,
)
