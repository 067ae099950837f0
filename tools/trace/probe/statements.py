"""Runs single statements as a notebook does, with capture points woven in."""

from __future__ import annotations

import ast
import asyncio
import inspect
import types
from typing import Any, Callable

RECORD = "__record_value__"
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Runner:
    """Runs code in a namespace.

    Args:
        namespace: Of the notebook.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.loop: Any = None

    def run(self, name: str, code: str, points: list[dict[str, Any]]) -> Any:
        """Run one statement.

        Args:
            name: Shown as the file's name in tracebacks.
            code: One statement.
            points: Capture points with a span in it.

        Returns:
            The value of the statement where it is an expression, else None.
        """
        tree = ast.parse(code)
        if points:
            tree = ast.fix_missing_locations(_Weaver(points).visit(tree))
        if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
            expression = ast.Expression(tree.body[0].value)
            return self.value(compile(expression, name, "eval", flags=_FLAGS, dont_inherit=True))
        self.value(compile(tree, name, "exec", flags=_FLAGS, dont_inherit=True))
        return None

    def value(self, compiled: types.CodeType) -> Any:
        if not compiled.co_flags & inspect.CO_COROUTINE:
            return eval(compiled, self.namespace)
        function = types.FunctionType(compiled, self.namespace)
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
        return self.loop.run_until_complete(function())


class _Weaver(ast.NodeTransformer):
    """Wraps the expressions at given places into calls that record their value and give it back."""

    def __init__(self, points: list[dict[str, Any]]) -> None:
        self.keys = {tuple(point["span"]): point["key"] for point in points}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        key = None
        if isinstance(node, ast.expr):
            key = self.keys.pop((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset), None)
        super().generic_visit(node)
        if key is None or not isinstance(node, ast.expr):
            return node
        called = ast.Call(func=ast.Name(id=RECORD, ctx=ast.Load()), args=[ast.Constant(key), node], keywords=[])
        return ast.copy_location(called, node)


def mentioned_names(code: str, namespace: dict[str, Any]) -> set[str]:
    """Return the names that a statement mentions, those in the bodies of functions and classes it mentions included."""
    found: set[str] = set()
    todo = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for function in _functions(namespace.get(name)):
            todo |= _code_names(function.__code__) - found
    return found


def _functions(value: Any) -> list[types.FunctionType]:
    if isinstance(value, types.FunctionType):
        return [value]
    kind = value if isinstance(value, type) else type(value)
    if kind.__module__ == "__main__":
        return [item for item in vars(kind).values() if isinstance(item, types.FunctionType)]
    return []


def _code_names(code: types.CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _code_names(constant)
    return names


Recorder = Callable[[str, Any], Any]
