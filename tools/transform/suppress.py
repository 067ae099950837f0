"""Silences a type or lint code on one line of a generated file: the last resort, each with its code, all reported."""

from collections.abc import Mapping, Sequence

from tools.plan.model import Constraint


def suppressed(files: Mapping[str, str], constraints: Sequence[Constraint]) -> dict[str, str]:
    """Return the files with a `# type: ignore[…]` or `# noqa: …` at the end of each line that a constraint names.

    Args:
        files: Text by path, formatted.
        constraints: Those of kind `suppress` name `path:line:tool:code`; lines count in the file before suppression.
    """
    wanted: dict[tuple[str, int], dict[str, set[str]]] = {}
    for constraint in constraints:
        if constraint.kind != "suppress" or constraint.target.count(":") < 3:
            continue
        path, line, tool, code = constraint.target.split(":", 3)
        wanted.setdefault((path, int(line)), {}).setdefault(tool, set()).add(code)
    changed = dict(files)
    for path in {path for path, _ in wanted}:
        if path not in files:
            continue
        lines = files[path].split("\n")
        for (other, number), tools in wanted.items():
            if other == path and 0 < number <= len(lines):
                lines[number - 1] += _pragma(tools)
        changed[path] = "\n".join(lines)
    return changed


def _pragma(tools: Mapping[str, set[str]]) -> str:
    text = ""
    if "mypy" in tools:
        text += f"  # type: ignore[{', '.join(sorted(tools['mypy']))}]"
    if "ruff" in tools:
        text += f"  # noqa: {', '.join(sorted(tools['ruff']))}"
    return text
