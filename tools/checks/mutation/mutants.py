"""All mutants of a package, and a fair choice among them."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from tools.checks.mutation import general, learning
from tools.checks.mutation.defaults import changed_defaults
from tools.checks.mutation.model import Mutant, Operator, Place

OPERATORS: tuple[Operator, ...] = (*learning.OPERATORS, *general.OPERATORS)
_LEFT_OUT = ("src/log.py", "src/config.py")
_SUPPORT = {"src/artefacts.py": 1, "src/seeds.py": 1}
"""Greatest rank of the changes in modules that serve any notebook: much of them no test of this one need reach."""


def all_mutants(tree: Mapping[str, str]) -> list[Mutant]:
    """Return every mutant of the modules below src/ and of the settings, in the order of files and lines.

    What only logs or tracks is left alone, and so are docstrings, types and command lines.

    Args:
        tree: Text files by path.
    """
    found: list[Mutant] = []
    for path in sorted(tree):
        if path.startswith("src/") and path.endswith(".py") and path not in _LEFT_OUT:
            found += _of_module(path, tree[path])
    found += changed_defaults(tree)
    unique: dict[tuple[str, str], Mutant] = {}
    for mutant in found:
        unique.setdefault((mutant.file, mutant.text), mutant)
    return list(unique.values())


def chosen(mutants: Sequence[Mutant], most: int) -> list[Mutant]:
    """Return at most so many mutants: by rank, and of each rank every kind and file in turn.

    Args:
        mutants: All of them.
        most: How many.
    """
    groups: dict[tuple[int, str, str], list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault((mutant.rank, mutant.kind, mutant.file), []).append(mutant)
    ordered: list[Mutant] = []
    for rank in sorted({key[0] for key in groups}):
        queues = [list(group) for key, group in sorted(groups.items()) if key[0] == rank]
        while any(queues):
            ordered += [queue.pop(0) for queue in queues if queue]
    return ordered[:most]


def _of_module(path: str, text: str) -> Iterator[Mutant]:
    try:
        module = ast.parse(text)
    except SyntaxError:
        return
    for place in _places(module):
        for operator in OPERATORS:
            if operator.rank > _SUPPORT.get(path, operator.rank):
                continue
            for node, source in operator.changes(place):
                changed = _replaced(text, node, source)
                if changed is None or changed == text or not _parses(changed):
                    continue
                line = getattr(node, "lineno", 1)
                yield Mutant(
                    kind=operator.kind,
                    file=path,
                    line=line,
                    text=changed,
                    before=_line(text, line),
                    after=_line(changed, line),
                    rank=operator.rank,
                )


def _places(module: ast.Module) -> Iterator[Place]:
    """Yield the nodes inside functions, without docstrings, annotations, tracking, `main` and `__main__` blocks."""

    def walk(node: ast.AST, function: str, parents: tuple[ast.AST, ...]) -> Iterator[Place]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name == "main":
                return
            for statement in node.body:
                yield from walk(statement, node.name, (node, *parents))
            return
        if isinstance(node, ast.Raise) or general.is_tracking(node):
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                yield from walk(node.value, function, (node, *parents))
            return
        if function:
            yield Place(node=node, function=function, parents=parents)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, function, (node, *parents))

    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from walk(statement, "", ())


def _replaced(text: str, node: ast.AST, source: str) -> str | None:
    """Return the text with the source of a node replaced; None where its place is unknown."""
    first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    start, end = getattr(node, "col_offset", None), getattr(node, "end_col_offset", None)
    if first is None or last is None or start is None or end is None:
        return None
    lines = text.splitlines(keepends=True)
    head: str = lines[first - 1].encode()[:start].decode()
    tail: str = lines[last - 1].encode()[end:].decode()
    return "".join(lines[: first - 1]) + head + source + tail + "".join(lines[last:])


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
