"""Pass: what only shows something goes: a bare name, `df.head()`, `plt.show()`, a print at the top of a function."""

from collections.abc import Sequence

import libcst as cst

_SHOWING = {"head", "tail", "info", "describe", "show", "summary", "display"}


def prune_display(module: cst.Module, prints: bool) -> cst.Module:
    """Drop display statements from the body of a function.

    Args:
        module: The body.
        prints: Also drop prints that stand at the top level of the body.
    """
    kept: list[cst.CSTNode] = [s for s in module.body if not _shows(s, prints)]
    return module.with_changes(body=kept).visit(_Inner())


class _Inner(cst.CSTTransformer):
    """Drops `plt.show()` and bare names inside blocks; a block that is left empty gets `pass`."""

    def leave_IndentedBlock(  # noqa: N802
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        kept: Sequence[cst.BaseStatement] = [s for s in updated_node.body if not _shows(s, prints=False)]
        return updated_node.with_changes(body=kept or [cst.SimpleStatementLine([cst.Pass()])])


def _shows(statement: cst.CSTNode, prints: bool) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    small = statement.body[0]
    if not isinstance(small, cst.Expr):
        return False
    value = small.value
    if isinstance(value, (cst.Name, cst.SimpleString, cst.Integer, cst.Float)):
        return not isinstance(value, cst.SimpleString)
    if isinstance(value, cst.Attribute):
        return isinstance(value.value, cst.Name)
    if not isinstance(value, cst.Call):
        return False
    if isinstance(value.func, cst.Name):
        return prints and value.func.value in ("print", "display")
    if isinstance(value.func, cst.Attribute) and isinstance(value.func.value, cst.Name):
        if value.func.value.value == "plt" and value.func.attr.value == "show":
            return True
        return value.func.attr.value in _SHOWING and not value.args and value.func.value.value != "plt"
    return False
