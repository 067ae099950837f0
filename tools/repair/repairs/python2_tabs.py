"""Tabs and spaces mixed in the indentation: Python 2 took a tab for eight columns."""

from tools.repair.model import Codemod, Scope


def change(code: str, scope: Scope) -> str:
    """Return the text of a cell with the tabs at the start of its lines replaced."""
    lines = []
    for line in code.split("\n"):
        body = line.lstrip(" \t")
        lines.append(line[: len(line) - len(body)].expandtabs(8) + body)
    return "\n".join(lines)


REPAIR = Codemod(
    code="python2-tabs",
    library="python",
    since="3.0",
    reason="Tabs and spaces may not be mixed in the indentation: a tab is eight columns, as Python 2 took it",
    mentions=("\t",),
    change=change,
    unit="cell",
    certain=True,
)
