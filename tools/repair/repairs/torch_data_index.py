"""`loss.data[0]`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import expression, rewrite, text_of


def change(code: str, scope: Scope) -> str:
    """Return the statement with `.item()`."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        text = text_of(updated) if isinstance(updated, cst.Subscript) else ""
        return expression(f"{text.removesuffix('.data[0]')}.item()") if text.endswith(".data[0]") else None

    return rewrite(code, scope, (cst.Subscript,), rule)


REPAIR = Codemod(
    code="torch-data-index",
    library="torch",
    since="0.5",
    reason="A tensor of no dimensions has no items: `.item()` gives its number",
    mentions=(".data[0]",),
    change=change,
    errors=(r"invalid index of a 0-dim tensor",),
)
