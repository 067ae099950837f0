"""Indents code, but not the lines that belong to a string: these are part of its value."""

import io
import tokenize


def indented(code: str, by: str = "    ") -> str:
    """Return code with each line indented that begins outside a string.

    Args:
        code: Whole statements.
        by: What is put in front of each line that is not empty.
    """
    inside = _lines_in_strings(code)
    lines = code.split("\n")
    return "\n".join(
        line if number in inside or not line.strip() else by + line for number, line in enumerate(lines, 1)
    )


def _lines_in_strings(code: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that begin within a string."""
    found: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "STRING":
            found |= set(range(token.start[0] + 1, token.end[0] + 1))
        elif kind.endswith("STRING_START"):
            opened.append(token.start[0])
        elif kind.endswith("STRING_END"):
            found |= set(range(opened.pop() + 1, token.end[0] + 1))
    return frozenset(found)
