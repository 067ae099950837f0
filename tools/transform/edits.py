"""Replaces expressions of the author's own code in place; everything around them stays as it was written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.analysis.model import Span


@dataclass(frozen=True)
class Edit:
    """One replacement.

    Attributes:
        start: Offset of the first character replaced.
        end: Offset behind the last one; equal to `start` for an insertion.
        replace: Gives the new text from the old one, in which inner edits have been made already.
    """

    start: int
    end: int
    replace: Callable[[str], str]


def offsets(code: str, span: Span) -> tuple[int, int]:
    """Return the character offsets of a span as `ast` counts it (lines from 1, columns in UTF-8 bytes)."""
    lines = code.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    first = len(lines[span[0] - 1].encode()[: span[1]].decode())
    last = len(lines[span[2] - 1].encode()[: span[3]].decode())
    return starts[span[0] - 1] + first, starts[span[2] - 1] + last


def apply_edits(code: str, edits: Sequence[Edit]) -> str:
    """Make all edits; one that lies within another is made first, an insertion at its start stands in front of it.

    Raises:
        ValueError: If two edits overlap without one lying within the other.
    """
    ordered = sorted(edits, key=lambda e: (e.start, e.end > e.start, -e.end))
    return _within(code, 0, len(code), ordered)


def _within(code: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    position = start
    index = 0
    while index < len(edits):
        edit = edits[index]
        inner = [e for e in edits[index + 1 :] if e.start >= edit.start and e.end <= edit.end and e.start < edit.end]
        if edit.start < position or edit.end > end:
            raise ValueError(f"edits overlap at offset {edit.start}")
        parts.append(code[position : edit.start])
        parts.append(edit.replace(_within(code, edit.start, edit.end, inner)))
        position = edit.end
        index += 1 + len(inner)
    parts.append(code[position:end])
    return "".join(parts)
