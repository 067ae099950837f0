"""Repairs of single lines that a type checker or linter objects to: what an engineer writes before silencing a code."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence

Replaced = dict[int, list[str]]
"""The new lines in place of a line, by its number from 1."""
LineRepair = Callable[[ast.Module, Sequence[str], int], Replaced | None]
"""(tree of the file, its lines, number of the line) → what is replaced, or None where the repair does not fit."""


def repaired(tree: ast.Module, lines: Sequence[str], number: int, tool: str, code: str) -> Replaced | None:
    """Return the lines that are replaced to mend a line; None where no repair fits.

    Args:
        tree: Of the file.
        lines: Its text.
        number: Of the line, from 1.
        tool: `mypy` or `ruff`.
        code: That it reports.
    """
    repair = LINE_REPAIRS.get((tool, code))
    return repair(tree, lines, number) if repair else None


def _annotated_result(tree: ast.Module, lines: Sequence[str], number: int) -> Replaced | None:
    """`return f(x)` of an unknown type: a variable states the type which the function promises.

    What is returned by name states it where the name is bound, if that is done once.
    """
    line = lines[number - 1]
    node = _statement(tree, number)
    function = _enclosing(tree, number)
    if not isinstance(node, ast.Return) or node.value is None or function is None or function.returns is None:
        return None
    promised = ast.unparse(function.returns)
    if promised.startswith("Iterator") or "|" in promised:
        return None
    bound = _binding(function, node.value)
    if bound:
        name, first = ast.unparse(node.value), lines[bound - 1]
        return {bound: [first.replace(f"{name} =", f"{name}: {promised} =", 1)]}
    taken = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)} | {a.arg for a in function.args.args}
    name = next(n for n in ("result", "outcome", "returned", "result_value") if n not in taken)
    indent = line[: len(line) - len(line.lstrip())]
    value = line.strip().removeprefix("return ")
    return {number: [f"{indent}{name}: {promised} = {value}", f"{indent}return {name}"]}


def _binding(function: ast.FunctionDef | ast.AsyncFunctionDef, returned: ast.expr) -> int:
    """Return the line of the one plain assignment that binds a returned name; 0 where there is none or another."""
    if not isinstance(returned, ast.Name):
        return 0
    stored = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == returned.id]
    if sum(isinstance(n.ctx, (ast.Store, ast.Del)) for n in stored) != 1:
        return 0
    if returned.id in {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}:
        return 0
    plain = [
        n.lineno
        for n in function.body
        if isinstance(n, ast.Assign) and [ast.unparse(t) for t in n.targets] == [returned.id]
    ]
    return plain[0] if plain else 0


def _annotated_container(tree: ast.Module, lines: Sequence[str], number: int) -> Replaced | None:
    """`scores = {}` of which nothing tells what it holds: it states the type that the function promises for it."""
    node, function = _statement(tree, number), _enclosing(tree, number)
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return None
    name = node.targets[0].id
    empty = {ast.List: "list[Any]", ast.Dict: "dict[Any, Any]"}.get(type(node.value), "")
    given = [n.value for n in ast.walk(function or tree) if isinstance(n, ast.Return) and n.value is not None]
    if function is not None and function.returns is not None and [ast.unparse(value) for value in given] == [name]:
        empty = ast.unparse(function.returns) if empty else ""
    known = any(alias.name == "Any" for n in tree.body if isinstance(n, ast.ImportFrom) for alias in n.names)
    if not empty or ("Any" in empty and not known):
        return None
    return {number: [lines[number - 1].replace(f"{name} =", f"{name}: {empty} =", 1)]}


def _value_alone(tree: ast.Module, lines: Sequence[str], number: int) -> Replaced | None:
    """`x = f(y)` where nothing reads `x`: the call stays, the name goes."""
    line = lines[number - 1]
    node = _statement(tree, number)
    simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    if not simple or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return None
    indent = line[: len(line) - len(line.lstrip())]
    return {number: [f"{indent}{line.split('=', 1)[1].strip()}"]}


def _underscored(tree: ast.Module, lines: Sequence[str], number: int) -> Replaced | None:
    """`a, b = f()` where nothing reads `b`: it becomes `_b`."""
    line = lines[number - 1]
    node = _statement(tree, number)
    function = _enclosing(tree, number)
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple) or function is None:
        return None
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    left, _, right = line.partition("=")
    names = [e.id for e in node.targets[0].elts if isinstance(e, ast.Name) and e.id not in read]
    for name in names:
        left = re.sub(rf"\b{re.escape(name)}\b", f"_{name}", left, count=1)
    return {number: [f"{left}={right}"]} if names else None


def _statement(tree: ast.Module, number: int) -> ast.stmt | None:
    """Return the statement that is this one line and nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno == number and node.end_lineno == number:
            return node
    return None


def _enclosing(tree: ast.Module, number: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno <= number <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda n: n.lineno, default=None)


LINE_REPAIRS: Mapping[tuple[str, str], LineRepair] = {
    ("mypy", "no-any-return"): _annotated_result,
    ("mypy", "var-annotated"): _annotated_container,
    ("ruff", "F841"): _value_alone,
    ("ruff", "RUF059"): _underscored,
}
"""One line a repair: the tool and its code, and what mends it."""
