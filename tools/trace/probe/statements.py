"""Runs single statements as a notebook does, with capture points woven in."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import types
from typing import Any

RECORD = "__record_value__"
RECEIVER = "__record_receiver__"
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CHEAP = {name for kind in (list, dict, set, str, tuple, int) for name in dir(kind)}
_LOOPS = (ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Runner:
    """Runs code in a namespace.

    Args:
        namespace: Of the notebook.
        receivers: Note the class of each object whose method is called.
    """

    def __init__(self, namespace: dict[str, Any], receivers: bool = False) -> None:
        self.namespace = namespace
        self.receivers = receivers
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
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(code)
        if self.receivers:
            tree = _Receivers().visit(tree)
        if points:
            tree = _Weaver(points).visit(tree)
        ast.fix_missing_locations(tree)
        if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
            expression = ast.Expression(tree.body[0].value)
            return self.value(compile(expression, name, "eval", flags=_FLAGS, dont_inherit=True))
        self.value(compile(tree, name, "exec", flags=_FLAGS, dont_inherit=True))
        return None

    def value(self, compiled: types.CodeType) -> Any:
        """Evaluate compiled code; where it awaits, in the one event loop of the run."""
        if not compiled.co_flags & inspect.CO_COROUTINE:
            return eval(compiled, self.namespace)
        function = types.FunctionType(compiled, self.namespace)
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)
        return self.loop.run_until_complete(function())


class _Weaver(ast.NodeTransformer):
    """Wraps the expressions at given places into calls that record their value and give it back."""

    def __init__(self, points: list[dict[str, Any]]) -> None:
        self.keys: dict[tuple[int, ...], list[str]] = {}
        for point in points:
            self.keys.setdefault(tuple(point["span"]), []).append(point["key"])

    def generic_visit(self, node: ast.AST) -> ast.AST:
        keys: list[str] = []
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            keys = self.keys.pop(_span(node), [])
        super().generic_visit(node)
        for key in keys:
            assert isinstance(node, ast.expr)
            called = ast.Call(func=ast.Name(id=RECORD, ctx=ast.Load()), args=[ast.Constant(key), node], keywords=[])
            node = ast.copy_location(called, node)
        return node


def _span(node: ast.expr) -> tuple[int, ...]:
    return (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


class _Receivers(ast.NodeTransformer):
    """Lets the class of each receiver of a method call be noted; bodies of functions and classes stay as they are."""

    def __init__(self) -> None:
        self.loops = 0

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            return node
        looped = isinstance(node, _LOOPS)
        self.loops += looped
        text = ast.unparse(node.func) if isinstance(node, ast.Call) and self.wanted(node) else ""
        visited = self.generic_visit(node)
        self.loops -= looped
        if text and isinstance(visited, ast.Call) and isinstance(visited.func, ast.Attribute):
            receiver = visited.func.value
            called = ast.Call(
                func=ast.Name(id=RECEIVER, ctx=ast.Load()), args=[receiver, ast.Constant(text)], keywords=[]
            )
            visited.func.value = ast.copy_location(called, receiver)
        return visited

    def wanted(self, node: ast.Call) -> bool:
        """Tell whether a node is a method call worth its notice: not one of plain containers in a loop."""
        if not isinstance(node.func, ast.Attribute):
            return False
        return not (self.loops and node.func.attr in _CHEAP) and not isinstance(node.func.value, ast.Constant)


def named_values(code: str, namespace: dict[str, Any]) -> list[Any]:
    """Return the strings that a statement writes out, and the values of the variables that it mentions."""
    found: list[Any] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.Name) and node.id in namespace:
            found.append(namespace[node.id])
    return found


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
