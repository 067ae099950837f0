"""Names that one statement binds, reads, deletes and writes: Python's scoping rules, nothing about libraries."""

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from tools.analysis.scopes import (
    COMPREHENSIONS,
    comprehension_reads,
    definition_time,
    function_free_names,
    import_name,
    method_free_names,
    pattern_names,
)
from tools.frozen import Frozen

Kind = Literal["import", "function", "class", "assign", "expression", "compound", "delete", "other"]

OPAQUE_CALLS = frozenset({"exec", "eval", "compile", "globals", "locals", "vars", "execfile", "__import__"})
OPAQUE_ATTRIBUTES = frozenset({"user_ns", "run_cell", "run_line_magic", "run_cell_magic", "push", "ex", "ev"})


class Names(Frozen):
    """What one statement does with names of the notebook's namespace.

    Attributes:
        kind: As in `StatementFacts.kind`.
        binds: Names that it binds, in order of appearance; those in `maybe` only on some paths.
        maybe: Those of `binds` that it may leave as they are (in a loop, a branch, a `try`).
        reads: Names that running its text reads before it has bound them itself; lambda bodies included.
        body_reads: Of `def` and `class`: free names of the bodies, read when they are called.
        global_writes: Names that a body declares `global` and writes.
        deletes: Names removed by `del`.
        augmented: Names bound by an augmented assignment (changed in place where the value is mutable).
        stars: Modules imported by `from … import *`.
        opaque: It runs code from strings or reaches into the namespace (`exec`, `globals()`, `%run`).
        literal: All such code is in literal strings, so that it can be analysed like the rest.
    """

    kind: Kind
    binds: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    body_reads: tuple[str, ...] = ()
    global_writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    augmented: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    opaque: bool = False
    literal: bool = False


@lru_cache(maxsize=20_000)
def statement_names(code: str) -> Names:
    """Analyse one top-level statement.

    Args:
        code: Plain Python, one statement.

    Returns:
        Its names; an empty `other` where the code does not parse.
    """
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(kind="other", opaque=True)
    return node_names(module.body)


def node_names(body: Sequence[ast.stmt]) -> Names:
    """Analyse statements that run one after the other as one unit."""
    walker = _Walker()
    for node in body:
        walker.statement(node)
    binds = tuple(dict.fromkeys(walker.binds))
    return Names(
        kind=statement_kind(body[0]) if len(body) == 1 else ("compound" if body else "other"),
        binds=binds,
        maybe=tuple(name for name in binds if name not in walker.definite),
        reads=tuple(dict.fromkeys(walker.reads)),
        body_reads=tuple(sorted(walker.body_reads)),
        global_writes=tuple(sorted(walker.global_writes)),
        deletes=tuple(dict.fromkeys(walker.deletes)),
        augmented=tuple(dict.fromkeys(walker.augmented)),
        stars=tuple(walker.stars),
        opaque=any(is_opaque(node) for node in body),
        literal=not any(is_opaque(node, literal=False) for node in body),
    )


def statement_kind(node: ast.stmt) -> Kind:
    """Return the kind of a statement."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return "import"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return "function"
    if isinstance(node, ast.ClassDef):
        return "class"
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return "assign"
    if isinstance(node, ast.Expr):
        return "expression"
    if isinstance(node, ast.Delete):
        return "delete"
    if isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If | ast.Try | ast.TryStar | ast.With | ast.AsyncWith):
        return "compound"
    return "compound" if isinstance(node, ast.Match) else "other"


def is_opaque(node: ast.AST, literal: bool = True) -> bool:
    """Tell whether code runs code from strings or reaches into the namespace.

    Args:
        node: The code.
        literal: Count `eval` and `exec` of literal strings too.
    """
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if isinstance(part.func, ast.Name) and part.func.id in OPAQUE_CALLS:
                if part.func.id == "vars" and part.args:
                    continue
                if not literal and literal_code(part) is not None:
                    continue
                return True
            if isinstance(part.func, ast.Attribute) and part.func.attr in OPAQUE_ATTRIBUTES and _is_shell(part.func):
                return True
        elif isinstance(part, ast.Attribute) and part.attr == "user_ns":
            return True
    return False


def literal_code(node: ast.Call) -> ast.Module | None:
    """Return the code that `eval` or `exec` of a literal string runs in its own scope; None for anything else."""
    if not (isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"} and len(node.args) == 1):
        return None
    text = node.args[0]
    if node.keywords or not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
        return None
    known: ast.Module | None = getattr(node, "_literal_code", None)
    if known is None:
        try:
            known = ast.parse(text.value.strip())
        except (SyntaxError, ValueError):
            return None
        node._literal_code = known  # type: ignore[attr-defined]
    return known


def _is_shell(node: ast.Attribute) -> bool:
    value = node.value
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "get_ipython"


class _Walker:
    """Walks statements in run order, with the names that are bound for certain so far."""

    def __init__(self) -> None:
        self.binds: list[str] = []
        self.reads: list[str] = []
        self.deletes: list[str] = []
        self.augmented: list[str] = []
        self.stars: list[str] = []
        self.body_reads: set[str] = set()
        self.global_writes: set[str] = set()
        self.definite: set[str] = set()

    def bind(self, name: str) -> None:
        self.binds.append(name)
        self.definite.add(name)

    def read(self, names: Iterable[str]) -> None:
        self.reads.extend(sorted(name for name in names if name not in self.definite))

    def branches(self, *blocks: Sequence[ast.stmt]) -> None:
        """Run alternatives; only what all of them bind is certain afterwards."""
        before, after = set(self.definite), []
        for block in blocks:
            self.definite = set(before)
            for node in block:
                self.statement(node)
            if not (block and isinstance(block[-1], ast.Raise | ast.Continue | ast.Break | ast.Return)):
                after.append(self.definite)
        self.definite = set.intersection(*after) if after else before

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for expression in definition_time(node):
                self.expression(expression)
            free = function_free_names(node)
            self.body_reads |= free.reads
            self.global_writes |= free.global_writes
            self.bind(node.name)
        elif isinstance(node, ast.ClassDef):
            self.class_definition(node)
        elif isinstance(node, ast.Assign):
            self.expression(node.value)
            for target in node.targets:
                self.target(target)
        elif isinstance(node, ast.AnnAssign):
            self.expression(node.annotation)
            if node.value:
                self.expression(node.value)
                self.target(node.target)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                self.read([node.target.id])
                self.augmented.append(node.target.id)
            self.expression(node.value)
            self.target(node.target)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self.delete(target)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*" and isinstance(node, ast.ImportFrom):
                    self.stars.append("." * node.level + (node.module or ""))
                else:
                    self.bind(import_name(alias))
        elif isinstance(node, ast.Expr | ast.Return):
            if node.value:
                self.expression(node.value)
        else:
            self.compound(node)

    def compound(self, node: ast.stmt) -> None:
        if isinstance(node, ast.If):
            self.expression(node.test)
            self.branches(node.body, node.orelse)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.expression(node.iter)
            before = set(self.definite)
            self.target(node.target)
            self.branches(node.body)
            self.definite = before
            self.branches(node.orelse, [])
        elif isinstance(node, ast.While):
            self.expression(node.test)
            self.branches(node.body, [])
            self.branches(node.orelse, [])
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self.expression(item.context_expr)
                if item.optional_vars:
                    self.target(item.optional_vars)
            for child in node.body:
                self.statement(child)
        elif isinstance(node, ast.Try | ast.TryStar):
            self.try_statement(node)
        elif isinstance(node, ast.Match):
            self.expression(node.subject)
            before = set(self.definite)
            for case in node.cases:
                self.definite = set(before)
                for part in ast.walk(case.pattern):
                    if isinstance(part, ast.expr):
                        self.expression(part)
                for name in sorted(pattern_names(case.pattern)):
                    self.bind(name)
                if case.guard:
                    self.expression(case.guard)
                for child in case.body:
                    self.statement(child)
            self.definite = before
        elif isinstance(node, ast.Global | ast.Nonlocal):
            return
        else:
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self.expression(part)
                elif isinstance(part, ast.stmt):
                    self.branches([part], [])

    def try_statement(self, node: ast.Try | ast.TryStar) -> None:
        before = set(self.definite)
        for child in node.body:
            self.statement(child)
        for child in node.orelse:
            self.statement(child)
        ends = [set(self.definite)]
        for handler in node.handlers:
            self.definite = set(before)
            if handler.type:
                self.expression(handler.type)
            if handler.name:
                self.definite.add(handler.name)
            for child in handler.body:
                self.statement(child)
            if handler.name:
                self.definite.discard(handler.name)
                self.deletes.append(handler.name)
            if not (handler.body and isinstance(handler.body[-1], ast.Raise)):
                ends.append(set(self.definite))
        self.definite = before if node.finalbody else set.intersection(*ends)
        for child in node.finalbody:
            self.statement(child)
        if node.finalbody:
            self.definite |= set.intersection(*ends)

    def class_definition(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.expression(expression)
        inner = _Walker()
        inner.definite = set(self.definite)
        for child in node.body:
            inner.statement(child)
        self.read(inner.reads)
        methods = method_free_names(node)
        self.body_reads |= methods.reads
        self.global_writes |= methods.global_writes
        self.bind(node.name)

    def target(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self.bind(node.id)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        else:
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self.expression(part)

    def delete(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self.read([node.id])
            self.deletes.append(node.id)
            self.definite.discard(node.id)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self.delete(element)
        else:
            self.target(node)

    def expression(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self.read([node.id])
        elif isinstance(node, ast.Lambda):
            for part in definition_time(node):
                self.expression(part)
            self.read(function_free_names(node).reads)
        elif isinstance(node, COMPREHENSIONS):
            reads, walrus = comprehension_reads(node)
            self.read(reads)
            before = set(self.definite)
            for name in sorted(walrus):
                self.bind(name)
            self.definite = before
        elif isinstance(node, ast.NamedExpr):
            self.expression(node.value)
            self.bind(node.target.id)
        elif isinstance(node, ast.BoolOp | ast.IfExp):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.test, node.body, node.orelse]
            self.expression(parts[0])
            for operand in parts[1:]:
                before = set(self.definite)
                self.expression(operand)
                self.definite = before
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expression(child)
                elif isinstance(child, ast.keyword):
                    self.expression(child.value)
