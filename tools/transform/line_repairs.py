"""Repairs of single lines that a type checker or linter objects to: what an engineer writes before silencing a code."""

import ast
import re
from collections.abc import Callable, Mapping

LineRepair = Callable[[ast.Module, str, int], list[str] | None]
"""(tree of the file, text of the line, its number) → the lines in its place, or None where the repair does not fit."""


def repaired(tree: ast.Module, line: str, number: int, tool: str, code: str) -> list[str] | None:
    """Return the lines that take the place of a line; None where no repair fits.

    Args:
        tree: Of the file.
        line: Its text.
        number: From 1.
        tool: `mypy` or `ruff`.
        code: That it reports.
    """
    repair = LINE_REPAIRS.get((tool, code))
    return repair(tree, line, number) if repair else None


def _annotated_result(tree: ast.Module, line: str, number: int) -> list[str] | None:
    """`return f(x)` of an unknown type: bound to a variable that states the type which the function promises."""
    node = _statement(tree, number)
    function = _enclosing(tree, number)
    if not isinstance(node, ast.Return) or node.value is None or function is None or function.returns is None:
        return None
    promised = ast.unparse(function.returns)
    if promised.startswith("Iterator") or "|" in promised:
        return None
    taken = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)} | {a.arg for a in function.args.args}
    name = next(n for n in ("result", "outcome", "returned", "result_value") if n not in taken)
    indent = line[: len(line) - len(line.lstrip())]
    return [f"{indent}{name}: {promised} = {line.strip().removeprefix('return ')}", f"{indent}return {name}"]


def _value_alone(tree: ast.Module, line: str, number: int) -> list[str] | None:
    """`x = f(y)` where nothing reads `x`: the call stays, the name goes."""
    node = _statement(tree, number)
    simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    if not simple or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return None
    indent = line[: len(line) - len(line.lstrip())]
    return [f"{indent}{line.split('=', 1)[1].strip()}"]


def _underscored(tree: ast.Module, line: str, number: int) -> list[str] | None:
    """`a, b = f()` where nothing reads `b`: it becomes `_b`."""
    node = _statement(tree, number)
    function = _enclosing(tree, number)
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple) or function is None:
        return None
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    left, _, right = line.partition("=")
    names = [e.id for e in node.targets[0].elts if isinstance(e, ast.Name) and e.id not in read]
    for name in names:
        left = re.sub(rf"\b{re.escape(name)}\b", f"_{name}", left, count=1)
    return [f"{left}={right}"] if names else None


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
    ("ruff", "F841"): _value_alone,
    ("ruff", "RUF059"): _underscored,
}
"""One line a repair: the tool and its code, and what mends it."""
