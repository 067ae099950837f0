"""`get_value` and `set_value` of frames and series."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import expression, rewrite, text_of


def change(code: str, scope: Scope) -> str:
    """Return the statement with `.at`."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        call = updated.value if isinstance(updated, cst.Expr | cst.Assign) else updated
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
            return None
        name, values = call.func.attr.value, [text_of(a.value) for a in call.args]
        receiver = text_of(call.func.value)
        if isinstance(updated, cst.Call):
            return expression(f"{receiver}.at[{', '.join(values)}]") if name == "get_value" else None
        if name != "set_value" or not isinstance(updated, cst.Expr):
            return None
        target = cst.AssignTarget(
            cst.ensure_type(expression(f"{receiver}.at[{', '.join(values[:-1])}]"), cst.Subscript)
        )
        return cst.Assign([target], call.args[-1].value)

    return rewrite(code, scope, (cst.Call, cst.Expr), rule)


REPAIR = Codemod(
    code="pandas-get-value",
    library="pandas",
    since="1.0",
    reason="`get_value` and `set_value` are gone: `.at` reads and writes one value",
    mentions=("get_value", "set_value"),
    change=change,
    errors=(r"no attribute '(get_value|set_value)'",),
    certain=True,
)
