"""The names of a statement in the order in which Python comes to them."""

import ast
from collections.abc import Iterator


def read_after_binding(tree: ast.AST, bound: frozenset[str], hidden: frozenset[int]) -> frozenset[int]:
    """Return the `id` of each name node that reads what an earlier part of the same statement has bound.

    Args:
        tree: The statement.
        bound: Names that it is the first to bind.
        hidden: Name nodes that mean something else: an argument, a variable of a comprehension.
    """
    stored: set[str] = set()
    found: set[int] = set()
    for name in names_in_order(tree):
        if name.id not in bound or id(name) in hidden:
            continue
        if isinstance(name.ctx, ast.Store):
            stored.add(name.id)
        elif name.id in stored:
            found.add(id(name))
    return frozenset(found)


def names_in_order(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the name nodes: what is assigned comes before its target, what a loop goes over before its variable."""
    if isinstance(node, ast.Name):
        yield node
    for child in _children(node):
        yield from names_in_order(child)


def _children(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.Assign(value=value, targets=targets):
            return [value, *targets]
        case ast.AnnAssign(value=value, target=target, annotation=annotation):
            return [part for part in (annotation, value, target) if part is not None]
        case ast.AugAssign(value=value, target=target) | ast.NamedExpr(value=value, target=target):
            return [value, target]
        case ast.For() | ast.AsyncFor():
            return [node.iter, node.target, *node.body, *node.orelse]
        case ast.comprehension():
            return [node.iter, node.target, *node.ifs]
        case ast.DictComp():
            return [*node.generators, node.key, node.value]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return [*node.generators, node.elt]
        case _:
            return list(ast.iter_child_nodes(node))
