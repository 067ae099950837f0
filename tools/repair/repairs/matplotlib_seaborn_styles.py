"""The styles named after seaborn."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import rewrite, text_of


def change(code: str, scope: Scope) -> str:
    """Return the statement with the new names of the styles."""

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not isinstance(updated, cst.Call):
            return None
        if not text_of(updated.func).endswith(("style.use", "style.context")):
            return None
        changed = updated.visit(_Styles())
        return changed if isinstance(changed, cst.Call) and text_of(changed) != text_of(updated) else None

    return rewrite(code, scope, (cst.Call,), rule)


class _Styles(cst.CSTTransformer):
    """Renames the styles among strings."""

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        """Rename one."""
        name = str(updated_node.evaluated_value)
        if name != "seaborn" and not (name.startswith("seaborn-") and not name.startswith("seaborn-v0")):
            return updated_node
        return cst.SimpleString(updated_node.value.replace("seaborn", "seaborn-v0_8", 1))


REPAIR = Codemod(
    code="matplotlib-seaborn-styles",
    library="matplotlib",
    since="3.8",
    reason="The styles `seaborn-…` are called `seaborn-v0_8-…`",
    mentions=("seaborn",),
    change=change,
    errors=(
        r"'seaborn[\w-]*' (is not a valid package style|not found)",
        r"is not a valid package style, path of style file",
    ),
    certain=True,
)
