"""Headings, title and description from markdown cells."""

import re
from collections.abc import Iterator, Sequence

_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]*(?![#\s])(.+?)[ \t]*#*[ \t]*$")
_HTML = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.IGNORECASE | re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_SETEXT = re.compile(r"^ {0,3}(=+|-{3,})[ \t]*$")
_BOLD_LINE = re.compile(r"(\*\*|__)(?P<words>[^*_\n]+)\1[ \t]*(?:\n|$)")
_NOT_PROSE = re.compile(r"^\s*(!\[|<img|<table|<div|<a |\||[-*_]{3,}\s*$|\[?!\[)", re.IGNORECASE)


def find_headings(markdown: str) -> list[tuple[int, str]]:
    """Return the headings of a markdown text as (level, words), fenced code passed over."""
    found: list[tuple[int, str]] = []
    fenced, previous = False, ""
    for line in markdown.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        if heading := _ATX.match(line):
            found.append((len(heading[1]), plain_words(heading[2])))
            previous = ""
            continue
        if html := _HTML.search(line):
            found.append((int(html[1]), plain_words(html[2])))
        elif _SETEXT.match(line) and previous.strip() and not _NOT_PROSE.match(previous):
            found.append((1 if line.strip()[0] == "=" else 2, plain_words(previous)))
        previous = line if not line.lstrip().startswith((">", "-", "*", "+", "|")) else ""
    return [(level, words) for level, words in found if words]


def plain_words(text: str) -> str:
    """Return markdown without its marks: links by their text, no emphasis, no tags, blanks collapsed."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    text = re.sub(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)", r"\1", text)
    return " ".join(text.split())


def under(stack: Sequence[tuple[int, str]], markdown: str) -> tuple[tuple[int, str], ...]:
    """Return the headings in force after a markdown cell, outermost first."""
    open_headings = list(stack)
    for level, words in find_headings(markdown):
        open_headings = [heading for heading in open_headings if heading[0] < level]
        open_headings.append((level, words))
    return tuple(open_headings)


def title_and_description(markdown_cells: Sequence[str], stem: str) -> tuple[str, str]:
    """Return the title and the first paragraph under it.

    Args:
        markdown_cells: Texts in document order.
        stem: Of the file's name; its words are the title where no heading of level 1 stands anywhere.

    Returns:
        Title and description; the description may be empty.
    """
    for position, text in enumerate(markdown_cells):
        if position == 0 and (bold := _BOLD_LINE.match(text.strip())):
            return plain_words(bold["words"]), _paragraph(text.strip()[bold.end() :].split("\n"))
        for level, words in find_headings(text):
            if level == 1:
                return words, _paragraph(_after_title(markdown_cells[position : position + 2], words))
    words = " ".join(re.split(r"[\s_\-.]+|(?<=[a-z])(?=[A-Z][a-z])", stem)).strip()
    first = find_headings(markdown_cells[0]) if markdown_cells else []
    description = _paragraph(markdown_cells[0].split("\n")) if markdown_cells and not first else ""
    return words[:1].upper() + words[1:], description


def _after_title(texts: Sequence[str], title: str) -> Iterator[str]:
    seen = False
    for text in texts:
        for line in text.split("\n"):
            if seen:
                yield line
            elif title in plain_words(line):
                seen = True
        yield ""


def _paragraph(lines: Iterator[str] | Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if _SETEXT.match(line) and not kept:
            continue
        if _ATX.match(line) or _HTML.search(line) or _FENCE.match(line):
            break
        if _NOT_PROSE.match(line):
            continue
        if line.strip():
            kept.append(line)
        elif plain_words(" ".join(kept)):
            break
    return plain_words(" ".join(kept))
