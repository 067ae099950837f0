"""A line scanner that knows where a logical line of Python starts and which characters are code.

Magics are not Python, so Python's own tokenizer stumbles over them (`!echo "it's"`). This scanner goes line by line and
is fed only the lines that are Python; it costs linear time.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<triple>\"\"\"|''')"
    r"|(?P<string>\"(?:\\.|[^\"\\])*(?P<end1>\"|\\?$)|'(?:\\.|[^'\\])*(?P<end2>'|\\?$))"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
)
_TRIPLE_END = {'"""': re.compile(r'\\.|"""'), "'''": re.compile(r"\\.|'''")}
_SINGLE_END = {'"': re.compile(r'\\.|"'), "'": re.compile(r"\\.|'")}


@dataclass(frozen=True)
class LineState:
    """Where the scanner stands between two lines.

    Attributes:
        depth: Number of open brackets.
        quote: Delimiter of the string that is still open; empty for none.
        continued: The line before ended in a backslash.
    """

    depth: int = 0
    quote: str = ""
    continued: bool = False

    @property
    def at_start(self) -> bool:
        """Whether the next line starts a logical line."""
        return not (self.depth or self.quote or self.continued)


@dataclass(frozen=True)
class ScannedLine:
    """One line, scanned.

    Attributes:
        state: After the line.
        mask: The line with every character of strings and comments replaced by a space, its length unchanged.
        depths: Number of open brackets at the start of the line.
    """

    state: LineState
    mask: str
    depths: int


def scan(line: str, state: LineState) -> ScannedLine:
    """Scan one line that follows others.

    Args:
        line: Without its line end.
        state: After the line before.

    Returns:
        The state after it and which of its characters are code.
    """
    depth, quote, position = state.depth, state.quote, 0
    mask: list[str] = []
    while position < len(line):
        if quote:
            position, quote = _close(line, position, quote, mask)
            continue
        token = _TOKEN.search(line, position)
        if token is None:
            mask.append(line[position:])
            break
        mask.append(line[position : token.start()])
        text, position = token.group(), token.end()
        if token["open"]:
            depth += 1
            mask.append(text)
        elif token["close"]:
            depth = max(0, depth - 1)
            mask.append(text)
        elif token["triple"]:
            quote = text
            mask.append(" " * len(text))
        elif token["string"]:
            closed = len(text) > 1 and text[-1] == text[0] and (token["end1"] or token["end2"]) == text[0]
            quote = text[0] if not closed and text.endswith("\\") else ""
            mask.append(" " * len(text))
        else:
            mask.append(" " * len(text))
    if len(quote) == 1 and not line.endswith("\\"):
        quote = ""
    masked = "".join(mask)
    return ScannedLine(LineState(depth, quote, not quote and masked.endswith("\\")), masked, state.depth)


def _close(line: str, position: int, quote: str, mask: list[str]) -> tuple[int, str]:
    """Go on inside an open string; return where and which quote is open then."""
    pattern = (_TRIPLE_END if len(quote) == 3 else _SINGLE_END)[quote]
    for found in pattern.finditer(line, position):
        if found.group() == quote:
            mask.append(" " * (found.end() - position))
            return found.end(), ""
    mask.append(" " * (len(line) - position))
    return len(line), quote
