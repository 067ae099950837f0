"""A cell of plain Python → its top-level statements, comments kept."""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from tools.notebook.magics import Rewritten
from tools.notebook.model import Statement

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PYTHON2_MESSAGES = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal",
)
_PYTHON2_LINE = re.compile(
    r"^\s*(print\s+[^(=\s]|print\s*$|print\s*>>|exec\s+[\"'\w]|raise\s+\w+\s*,|except\s+[\w.]+\s*,\s*\w+\s*:)|<>|\bur[\"']"
)


@dataclass(frozen=True)
class Split:
    """The statements of a cell, or why there are none."""

    statements: tuple[Statement, ...] = ()
    error: str | None = None


def split_statements(rewritten: Rewritten, cell: int) -> Split:
    """Split one cell.

    Args:
        rewritten: The cell in plain Python.
        cell: Its number over the code cells, from 1.

    Returns:
        Its statements in order; for a cell that does not parse, one sentence with cell, line and reason.
    """
    text = "\n".join(rewritten.lines)
    try:
        body = _parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Split(error=_sentence(error, rewritten, cell))
    if not body:
        return Split()
    lines = [line.encode() for line in rewritten.lines]
    semicolon = _ends_in_semicolon(lines, body[-1])
    shown = isinstance(body[-1], ast.Expr) and not (semicolon or rewritten.ends_in_magic or rewritten.shows_nothing)
    statements: list[Statement] = []
    for number, node in enumerate(body, 1):
        start, column = _start(node)
        end, end_column = node.end_lineno or start, node.end_col_offset or 0
        code = _between(lines, (start, column), (end, end_column))
        following = _start(body[number]) if number < len(body) else (len(lines) + 1, 0)
        above = _above(rewritten, _end(body[number - 2]) if number > 1 else (0, 0), (start, column))
        below = _below(rewritten, (end, end_column), following, is_last=number == len(body))
        statements.append(
            Statement(
                id=f"c{cell}.s{number}",
                cell=cell,
                number=number,
                source=f"{above}{code}{below}",
                code=code,
                line=rewritten.origins[start - 1],
                end_line=max(rewritten.origins[start - 1], rewritten.origins[end - 1]),
                displayed=shown and number == len(body),
            )
        )
    return Split(tuple(statements))


def _parse(text: str) -> list[ast.stmt]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
        if not isinstance(tree, ast.Module):
            raise ValueError("no module")
        compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return tree.body


def _start(node: ast.stmt) -> tuple[int, int]:
    """Return line and column of a statement, its decorators included."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    if decorators:
        return min(decorator.lineno for decorator in decorators), 0
    return node.lineno, node.col_offset


def _end(node: ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def _between(lines: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]].decode()
    return b"\n".join(
        (lines[start[0] - 1][start[1] :], *lines[start[0] : end[0] - 1], lines[end[0] - 1][: end[1]])
    ).decode()


def _above(rewritten: Rewritten, previous: tuple[int, int], start: tuple[int, int]) -> str:
    """Return the own-line comments above a statement, without those that belong to the one before or to a magic."""
    kept: list[str] = []
    for number in range(previous[0] + 1, start[0]):
        line = rewritten.lines[number - 1]
        if number in rewritten.blanked:
            while kept and kept[-1].strip():
                kept.pop()
        elif line.startswith("#") or (line.strip() and not _belongs_to_block(line)) or not line.strip():
            kept.append(line.rstrip() if not line.strip() else line)
    text = "\n".join(line for line in kept if not line.startswith((" ", "\t"))).strip("\n")
    return f"{text}\n" if text else ""


def _belongs_to_block(line: str) -> bool:
    return line.startswith((" ", "\t"))


def _below(rewritten: Rewritten, end: tuple[int, int], following: tuple[int, int], *, is_last: bool) -> str:
    """Return the trailing comment, the indented comments under a block and, under the last statement, what is left."""
    rest = rewritten.lines[end[0] - 1].encode()[end[1] :].decode()
    hash_at = rest.find("#")
    trailing = f"  {rest[hash_at:].rstrip()}" if hash_at >= 0 and following[0] > end[0] else ""
    tail: list[str] = []
    pending: list[str] = []
    for number in range(end[0] + 1, min(following[0], len(rewritten.lines) + 1)):
        line = rewritten.lines[number - 1]
        pending.append(line.rstrip() if not line.strip() else line)
        if line.lstrip().startswith("#") and (_belongs_to_block(line) or is_last):
            tail.extend(pending)
            pending = []
        elif line.strip():
            break
    return trailing + "".join(f"\n{line}" for line in tail)


def _ends_in_semicolon(lines: list[bytes], node: ast.stmt) -> bool:
    end, column = _end(node)
    return lines[end - 1][column:].decode().lstrip().startswith(";")


def _sentence(error: Exception, rewritten: Rewritten, cell: int) -> str:
    line = getattr(error, "lineno", None) or 1
    origin = rewritten.origins[min(line, len(rewritten.origins)) - 1] if rewritten.origins else 1
    if not isinstance(error, SyntaxError):
        reason = "it is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error)
        return f"Cell {cell} does not parse: {reason}."
    text = rewritten.lines[line - 1] if 0 < line <= len(rewritten.lines) else ""
    shown = text.strip()[:80]
    reason = (error.msg or "invalid syntax").rstrip(".")
    if reason.startswith(_PYTHON2_MESSAGES) or _PYTHON2_LINE.search(text):
        return f"Cell {cell}, line {origin} is Python 2, which Python 3 cannot run ({reason}): `{shown}`."
    return f"Cell {cell}, line {origin} does not parse: {reason}: `{shown}`."
