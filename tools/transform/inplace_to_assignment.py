"""Pass: `x.method(…, inplace=True)` as a whole statement becomes `x = x.method(…)`, so that a local name is changed."""

import libcst as cst
import libcst.matchers as m

_METHODS = {
    *("drop", "dropna", "fillna", "rename", "replace", "reset_index", "set_index", "sort_values", "sort_index"),
    *("drop_duplicates", "ffill", "bfill", "interpolate", "clip", "mask", "where", "query", "eval"),
}


def inplace_to_assignment(module: cst.Module, frames: frozenset[str]) -> cst.Module:
    """Rewrite the statements of a function body.

    Args:
        module: The body.
        frames: Variables that are known to be frames or series and to share their object with no other name.
    """
    return module.visit(_Rewriter(frames))


class _Rewriter(cst.CSTTransformer):
    def __init__(self, frames: frozenset[str]) -> None:
        self.frames = frames

    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.BaseSmallStatement:  # noqa: N802
        call = updated_node.value
        if not (
            isinstance(call, cst.Call)
            and isinstance(call.func, cst.Attribute)
            and isinstance(call.func.value, cst.Name)
        ):
            return updated_node
        name = call.func.value.value
        inplace = [a for a in call.args if a.keyword is not None and a.keyword.value == "inplace"]
        if call.func.attr.value not in _METHODS or name not in self.frames or len(inplace) != 1:
            return updated_node
        if not m.matches(inplace[0].value, m.Name("True")):
            return updated_node
        rest = [a for a in call.args if a is not inplace[0]]
        if rest:
            rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return cst.Assign(targets=[cst.AssignTarget(cst.Name(name))], value=call.with_changes(args=rest))
