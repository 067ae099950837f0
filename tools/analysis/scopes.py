"""Names that a function, a lambda or a class body takes from the scopes around it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class FreeNames:
    """What a body takes from outside and changes there.

    Attributes:
        reads: Names that it reads and does not bind itself.
        global_writes: Names that it declares `global` (or `nonlocal`) and binds or deletes.
        local: Names that it binds itself, parameters included.
    """

    reads: frozenset[str] = frozenset()
    global_writes: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()


@dataclass
class _Scope:
    loads: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    nested: list[FreeNames] = field(default_factory=list)


def parameters(arguments: ast.arguments) -> tuple[str, ...]:
    """Return the names of all parameters in order."""
    named = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        named.append(arguments.vararg)
    named.extend(arguments.kwonlyargs)
    if arguments.kwarg:
        named.append(arguments.kwarg)
    return tuple(argument.arg for argument in named)


def definition_time(node: FunctionNode) -> Iterator[ast.expr]:
    """Yield the expressions that run when the function is defined: decorators, defaults, annotations."""
    if not isinstance(node, ast.Lambda):
        yield from node.decorator_list
        if node.returns:
            yield node.returns
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if argument.annotation:
                yield argument.annotation
        for extra in (node.args.vararg, node.args.kwarg):
            if extra and extra.annotation:
                yield extra.annotation
    yield from node.args.defaults
    yield from (default for default in node.args.kw_defaults if default)


def pattern_names(pattern: ast.pattern) -> set[str]:
    """Return the names that a `match` pattern binds."""
    names = set()
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
    return names


def import_name(alias: ast.alias) -> str:
    """Return the name that one part of an import statement binds."""
    return alias.asname or alias.name.split(".")[0]


def function_free_names(node: FunctionNode) -> FreeNames:
    """Analyse the body of a function or lambda."""
    scope = _Scope()
    body: Iterable[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    for child in body:
        _visit(child, scope)
    scope.stores.update(parameters(node.args))
    return _close(scope)


def class_free_names(node: ast.ClassDef) -> FreeNames:
    """Analyse a class body: what its methods read later, and what its own statements read while it is defined."""
    scope = _Scope()
    for child in node.body:
        _visit(child, scope)
    local = scope.stores - scope.outer
    reads = set(scope.loads) - local
    writes = scope.stores & scope.outer
    for nested in scope.nested:  # methods do not see the names of the class
        reads |= nested.reads
        writes |= nested.global_writes
    return FreeNames(frozenset(reads), frozenset(writes), frozenset(local))


def method_free_names(node: ast.ClassDef) -> FreeNames:
    """Analyse the methods of a class only: what is read when they are called."""
    scope = _Scope()
    for child in node.body:
        _visit(child, scope)
    reads = {name for nested in scope.nested for name in nested.reads}
    writes = {name for nested in scope.nested for name in nested.global_writes}
    return FreeNames(frozenset(reads), frozenset(writes), frozenset())


def comprehension_reads(node: ast.expr) -> tuple[set[str], set[str]]:
    """Return the names that a comprehension reads from outside, and those that a walrus in it binds outside."""
    scope = _Scope()
    _visit(node, scope)
    reads = set(scope.loads)
    for nested in scope.nested:
        reads |= nested.reads
    return reads, scope.stores


def _close(scope: _Scope) -> FreeNames:
    local = scope.stores - scope.outer
    reads = (scope.loads | scope.outer) - local
    writes = scope.stores & scope.outer
    for nested in scope.nested:
        reads |= nested.reads - local
        writes |= nested.global_writes - local
    return FreeNames(frozenset(reads), frozenset(writes), frozenset(local))


def _visit(node: ast.AST, scope: _Scope) -> None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in definition_time(node):
            _visit(child, scope)
        scope.nested.append(function_free_names(node))
        if not isinstance(node, ast.Lambda):
            scope.stores.add(node.name)
        return
    if isinstance(node, ast.ClassDef):
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            _visit(part, scope)
        scope.nested.append(class_free_names(node))
        scope.stores.add(node.name)
        return
    if isinstance(node, COMPREHENSIONS):
        _visit_comprehension(node, scope)
        return
    if isinstance(node, ast.Name):
        (scope.loads if isinstance(node.ctx, ast.Load) else scope.stores).add(node.id)
        return
    if isinstance(node, ast.Global | ast.Nonlocal):
        scope.outer.update(node.names)
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        scope.stores.update(import_name(alias) for alias in node.names if alias.name != "*")
        return
    if isinstance(node, ast.ExceptHandler) and node.name:
        scope.stores.add(node.name)
    if isinstance(node, ast.pattern):
        scope.stores.update(pattern_names(node))
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        scope.loads.add(node.target.id)
    for nested in ast.iter_child_nodes(node):
        _visit(nested, scope)


def _visit_comprehension(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: _Scope) -> None:
    inner = _Scope()
    targets: set[str] = set()
    _visit(node.generators[0].iter, scope)
    for position, generator in enumerate(node.generators):
        target = _Scope()
        _visit(generator.target, target)
        targets |= target.stores
        inner.loads |= target.loads
        if position:
            _visit(generator.iter, inner)
        for condition in generator.ifs:
            _visit(condition, inner)
    for element in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
        _visit(element, inner)
    scope.loads |= inner.loads - targets
    scope.stores |= inner.stores - targets  # a walrus binds outside the comprehension
    for nested in inner.nested:
        scope.nested.append(FreeNames(nested.reads - targets, nested.global_writes))
