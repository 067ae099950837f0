"""Finds the names in a statement that do not mean the notebook's variable of that name."""

import ast
from collections.abc import Iterator

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def hidden_names(tree: ast.AST) -> frozenset[int]:
    """Return the `id` of each name node that an argument, a comprehension or a local variable around it binds."""
    return frozenset(_hidden(tree, frozenset()))


def _hidden(node: ast.AST, bound: frozenset[str]) -> Iterator[int]:
    if isinstance(node, ast.Name):
        if node.id in bound:
            yield id(node)
    elif isinstance(node, _COMPREHENSIONS):
        first, *rest = node.generators
        inner = bound | {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        yield from _hidden(first.iter, bound)
        parts = [first.target, *first.ifs, *rest]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in parts:
            yield from _hidden(part, inner)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        outside = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        annotations = [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg) and a.annotation]
        if not isinstance(node, ast.Lambda):
            outside += [*node.decorator_list, *([node.returns] if node.returns else [])]
        for part in (*outside, *annotations):
            yield from _hidden(part, bound)
        arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        inner = (bound | arguments | _locals(body)) - _globals(body)
        for statement in body:
            yield from _hidden(statement, inner)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _hidden(child, bound)


def _locals(body: list[ast.stmt] | list[ast.expr]) -> frozenset[str]:
    """Return the variables that a function's body binds itself, those of inner functions left out."""
    return frozenset(name for node in body for name in _stored(node))


def _stored(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store):
            yield node.id
    elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS)):
        for child in ast.iter_child_nodes(node):
            yield from _stored(child)


def _globals(body: list[ast.stmt] | list[ast.expr]) -> frozenset[str]:
    found = (n for node in body for n in ast.walk(node) if isinstance(n, (ast.Global, ast.Nonlocal)))
    return frozenset(name for node in found for name in node.names)
