"""Text of expressions made of literals, for paths and formulas."""

import ast
import re
from collections.abc import Mapping

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def identifiers(text: str) -> list[str]:
    """Return the identifiers in a string, each once."""
    return list(dict.fromkeys(_IDENTIFIER.findall(text)))


def constant_text(constants: Mapping[str, str], node: ast.expr | None) -> str | None:
    """Return the text of an expression that is made of literals and of variables bound to literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        left, right = constant_text(constants, node.left), constant_text(constants, node.right)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, ast.Add) else f"{left.rstrip('/')}/{right}"
    if isinstance(node, ast.JoinedStr):
        parts = [
            constant_text(constants, part.value if isinstance(part, ast.FormattedValue) else part)
            for part in node.values
        ]
        return None if any(part is None for part in parts) else "".join(part or "" for part in parts)
    if isinstance(node, ast.Call) and not node.keywords:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"join", "Path", "PurePath", "str"} and node.args:
            parts = [constant_text(constants, part) for part in node.args]
            return None if any(part is None for part in parts) else "/".join((part or "").rstrip("/") for part in parts)
    return None
