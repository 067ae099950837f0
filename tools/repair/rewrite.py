"""Rewrites expressions of a statement with LibCST: everything around them, comments included, stays as written."""

import ast
from collections.abc import Callable

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from tools.repair.model import Scope

Rule = Callable[[cst.CSTNode, cst.CSTNode, bool], cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel | None]  # type: ignore[type-arg]
_CATCHES = ("ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "Exception", "BaseException")


def rewrite(code: str, scope: Scope, kinds: tuple[type[cst.CSTNode], ...], rule: Rule) -> str:
    """Return code with the nodes of some kinds replaced.

    What stands under a `try` that handles the error itself is left alone, unless the traced error comes from there.

    Args:
        code: One statement.
        scope: Around it.
        kinds: Of the nodes that the rule is asked about.
        rule: Given a node as written, the node with what it contains rewritten, and whether the failing line lies in
            it; gives what is to stand in its place, or None to leave it.
    """
    wrapper = MetadataWrapper(cst.parse_module(code))
    return wrapper.visit(_Rewriter(scope, kinds, rule)).code


def text_of(node: cst.CSTNode) -> str:
    """Return the code of a node."""
    return cst.Module([]).code_for_node(node)


def expression(text: str) -> cst.BaseExpression:
    """Return the expression that a text is."""
    return cst.parse_expression(text)


def plain(node: cst.CSTNode) -> str:
    """Return the code of an expression as `ast.unparse` writes it."""
    try:
        return ast.unparse(ast.parse(text_of(node).strip(), mode="eval"))
    except (SyntaxError, ValueError):
        return text_of(node)


def qualified(node: cst.CSTNode, scope: Scope) -> str:
    """Return the qualified name that a dotted name stands for by the imports of the notebook; empty where unknown."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.insert(0, node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name) or node.value not in scope.imports:
        return ""
    return ".".join([scope.imports[node.value], *parts])


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Return the keyword argument of a name."""
    return next((a for a in call.args if a.keyword is not None and a.keyword.value == name), None)


def with_arguments(call: cst.Call, arguments: list[cst.Arg]) -> cst.Call:
    """Return a call with other arguments, the last without a comma where the call stands on one line."""
    if arguments and len(arguments) < len(call.args):
        arguments = [*arguments[:-1], arguments[-1].with_changes(comma=call.args[-1].comma)]
    return call.with_changes(args=arguments)


class _Rewriter(cst.CSTTransformer):
    """Asks a rule about each node of some kinds."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, scope: Scope, kinds: tuple[type[cst.CSTNode], ...], rule: Rule) -> None:
        super().__init__()
        self.scope, self.kinds, self.rule = scope, kinds, rule

    def visit_Try(self, node: cst.Try) -> bool:  # noqa: N802
        """Pass over what handles its own errors."""
        return self.failing(node) or not any(_catches(handler) for handler in node.handlers)

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: N802
        """Pass over the dotted names of imports: they are no expressions."""
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802
        """Pass over the dotted names of imports: they are no expressions."""
        return False

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> object:  # type: ignore[override]
        """Replace a node where the rule says so."""
        left = super().on_leave(original_node, updated_node)
        if isinstance(original_node, self.kinds) and isinstance(left, cst.CSTNode):
            found = self.rule(original_node, left, self.failing(original_node))
            return left if found is None else found
        return left

    def failing(self, node: cst.CSTNode) -> bool:
        """Tell whether the failing line lies in a node."""
        if not self.scope.line:
            return False
        place = self.get_metadata(PositionProvider, node)
        assert isinstance(place, CodeRange)
        return place.start.line <= self.scope.line <= place.end.line


def _catches(handler: cst.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = ast.walk(ast.parse(text_of(handler.type).strip(), mode="eval"))
    return any(isinstance(n, ast.Name) and n.id in _CATCHES for n in names)
