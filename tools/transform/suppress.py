"""Mends the lines that a checker named, or silences its code there: the last resort, all of it reported."""

import ast
import difflib
from collections.abc import Mapping, Sequence

from tools.plan.model import Constraint
from tools.transform.line_repairs import repaired

MAX_LINE = 120


def suppressed(files: Mapping[str, str], constraints: Sequence[Constraint]) -> dict[str, str]:
    """Return the files with each line that a constraint names repaired, or with a `# type: ignore[…]` or `# noqa: …`.

    Args:
        files: Text by path, formatted.
        constraints: Those of kind `suppress` name `path:line:tool:code`; lines count in the file before suppression.
    """
    changed = dict(files)
    for path, places in _places(constraints).items():
        if path in files:
            changed[path] = "\n".join(text for _, text in _mended(files[path], places))
    return changed


def original_line(text: str, constraints: Sequence[Constraint], path: str, line: int) -> int:
    """Return the line of a file before suppression that a line after it comes from.

    Args:
        text: Of the file before suppression.
        constraints: That were applied.
        path: Of the file.
        line: From 1, in the file after suppression.
    """
    lines = _mended(text, _places(constraints).get(path, {}))
    return lines[line - 1][0] if 0 < line <= len(lines) else line


def line_before(before: str, after: str, line: int) -> int:
    """Return the line of a text that a line of a later version of it comes from; 0 for a line that is new.

    Args:
        before: The text.
        after: Its later version.
        line: From 1, in the later version.
    """
    pairs = difflib.SequenceMatcher(a=before.split("\n"), b=after.split("\n"), autojunk=False).get_matching_blocks()
    return next((a + line - b for a, b, size in pairs if b < line <= b + size), 0)


def silenced_lines(files: Mapping[str, str]) -> int:
    """Return the number of lines below src/ that silence a code."""
    lines = [line for path, text in files.items() if path.startswith("src/") for line in text.split("\n")]
    return sum("# type: ignore[" in line or "# noqa:" in line for line in lines)


def _places(constraints: Sequence[Constraint]) -> dict[str, dict[int, list[tuple[str, str]]]]:
    """Return (tool, code) pairs by line, by path."""
    found: dict[str, dict[int, list[tuple[str, str]]]] = {}
    for constraint in constraints:
        if constraint.kind == "suppress" and constraint.target.count(":") >= 3:
            path, line, tool, code = constraint.target.split(":", 3)
            found.setdefault(path, {}).setdefault(int(line), []).append((tool, code))
    return found


def _mended(text: str, places: Mapping[int, Sequence[tuple[str, str]]]) -> list[tuple[int, str]]:
    """Return the lines of a file, each with the number of the line that it comes from."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        tree = ast.Module([], [])
    lines = text.split("\n")
    replaced: dict[int, list[str]] = {}
    silenced: dict[int, dict[str, set[str]]] = {}
    for number in sorted(places):
        for tool, code in dict.fromkeys(places[number]) if number <= len(lines) else ():
            found = repaired(tree, lines, number, tool, code)
            fits = found and not found.keys() & replaced.keys()
            if found is None or not fits or any(len(part) > MAX_LINE for new in found.values() for part in new):
                silenced.setdefault(number, {}).setdefault(tool, set()).add(code)
            else:
                replaced |= found
    as_written = {_last_line(tree, number) for number in silenced if _hugged(lines, number)}
    made: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        first, *others = replaced.get(number, [line])
        end = "  # fmt: skip" if number in as_written else ""
        made += [(number, part) for part in (first + _pragma(silenced.get(number, {})) + end, *others)]
    return made


def _hugged(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line is all that stands between brackets: a comment there makes the formatter part it."""
    before, after = lines[number - 2 : number - 1], lines[number : number + 1]
    opened = bool(before) and before[0].rstrip().endswith(("(", "[", "{"))
    return opened and bool(after) and after[0].lstrip().startswith((")", "]", "}"))


def _last_line(tree: ast.Module, number: int) -> int:
    """Return the last line of the statement around a line; of one with a body, the last line of its head."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= number <= (node.end_lineno or node.lineno)
    ]
    if not around:
        return number
    inner = max(around, key=lambda node: node.lineno)
    body = getattr(inner, "body", None)
    return int(body[0].lineno) - 1 if body else (inner.end_lineno or number)


def _pragma(tools: Mapping[str, set[str]]) -> str:
    text = ""
    if "mypy" in tools:
        text += f"  # type: ignore[{', '.join(sorted(tools['mypy']))}]"
    if "ruff" in tools:
        text += f"  # noqa: {', '.join(sorted(tools['ruff']))}"
    return text
