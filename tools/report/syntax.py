"""Python source as HTML with its keywords, strings and comments marked, line by line."""

import io
import keyword
import tokenize
from html import escape


def coloured(source: str) -> list[str]:
    """Return the lines of a source as HTML; source that is no Python is only escaped.

    Args:
        source: Of a cell or a file.
    """
    lines = source.splitlines()
    marks: dict[int, list[tuple[int, int, str]]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind = _kind(token)
            if kind:
                for row in range(token.start[0], token.end[0] + 1):
                    first = token.start[1] if row == token.start[0] else 0
                    last = token.end[1] if row == token.end[0] else len(lines[row - 1])
                    marks.setdefault(row, []).append((first, last, kind))
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    return [_marked(line, marks.get(number, [])) for number, line in enumerate(lines, start=1)]


def _kind(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.COMMENT:
        return "c"
    if token.type == tokenize.STRING:
        return "s"
    if token.type == tokenize.NUMBER:
        return "d"
    return "k" if token.type == tokenize.NAME and keyword.iskeyword(token.string) else ""


def _marked(line: str, marks: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for first, last, kind in marks:
        parts.append(escape(line[at:first]))
        parts.append(f'<span class="{kind}">{escape(line[first:last])}</span>')
        at = last
    return "".join(parts) + escape(line[at:])
