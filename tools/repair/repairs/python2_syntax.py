"""Python 2 syntax: print and exec statements, `except E, e`, `raise E, text`, `<>`, backticks, `0777`, `1L`, `ur""`."""

import re
from collections.abc import Iterator

from tools.repair.model import Codemod, Scope

_HEADER = re.compile(r"(?:if|elif|else|for|while|try|except|finally|with|def|class)\b")
_BACKTICKS = re.compile(r"`[^`\n]+`")
_HIDDEN = re.compile(
    r"#[^\n]*"
    r"|\"\"\"(?:\\.|.)*?\"\"\"|\'\'\'(?:\\.|.)*?\'\'\'"
    r"|\"(?:\\.|[^\"\\\n])*\"|\'(?:\\.|[^\'\\\n])*\'",
    re.DOTALL,
)
_WORDS = (
    (re.compile(r"<>"), "!="),
    (re.compile(r"(?<![\w.])0([0-7]+)(?![\w.])"), r"0o\1"),
    (re.compile(r"(?<![\w.])(\d+)[lL](?!\w)"), r"\1"),
    (re.compile(r"(?<!\w)[uU][rR](?=ss)"), "r"),
)


def change(code: str, scope: Scope) -> str:
    """Return the text of a cell with the syntax of Python 3."""
    for found in reversed(list(_BACKTICKS.finditer(_mask(code)))):
        code = code[: found.start()] + f"repr({code[found.start() + 1 : found.end() - 1]})" + code[found.end() :]
    mask = _mask(code)
    edits: list[tuple[int, int, str]] = []
    for start, end in _simple_statements(mask):
        new = _statement(code[start:end], mask[start:end])
        if new is not None:
            edits.append((start, end, new))
    for start, end, new in sorted(edits, reverse=True):
        code = code[:start] + new + code[end:]
    for pattern, new in _WORDS:
        for found in reversed(list(pattern.finditer(_mask(code)))):
            code = code[: found.start()] + found.expand(new) + code[found.end() :]
    return code


def _mask(code: str) -> str:
    """Return the code with strings replaced by the letter s and comments by spaces, its length unchanged."""

    def hidden(found: re.Match[str]) -> str:
        return (" " if found.group().startswith("#") else "s") * len(found.group())

    return _HIDDEN.sub(hidden, code)


def _simple_statements(mask: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each simple statement and of each header of a block."""
    start, depth, position = 0, 0, 0
    header = False
    while position <= len(mask):
        character = mask[position] if position < len(mask) else "\n"
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth = max(0, depth - 1)
        elif character == "\\" and mask[position + 1 : position + 2] == "\n":
            position += 1
        elif not depth:
            if not mask[start:position].strip() and not character.isspace():
                start = position
                header = bool(_HEADER.match(mask, position))
            if character in "\n;" or (character == ":" and header):
                if mask[start:position].strip():
                    yield start, position
                start = position + 1
        position += 1


def _statement(text: str, mask: str) -> str | None:
    length = len(mask.rstrip())
    changed = _changed(text[:length], mask[:length])
    return None if changed is None else changed + text[length:]


def _changed(text: str, mask: str) -> str | None:
    word = re.match(r"\w*", text)
    assert word is not None
    rest, masked = text[word.end() :], mask[word.end() :]
    if word.group() == "print":
        return _print(rest, masked)
    if word.group() == "exec" and not rest.lstrip().startswith("("):
        parts = re.split(r"\s+in\s+", masked, maxsplit=1)
        code = rest[: len(parts[0])].strip()
        return f"exec({code}, {rest[len(rest) - len(parts[1]) :].strip()})" if len(parts) == 2 else f"exec({code})"
    if word.group() == "raise":
        parts = _split(rest, masked)
        return f"raise {parts[0]}({parts[1]})" if len(parts) == 2 else None
    if word.group() == "except":
        found = re.match(r"(\s*\(.*\)|\s*[\w.]+)\s*,\s*(\w+)\s*$", rest)
        return f"except{found[1]} as {found[2]}" if found else None
    return None


def _print(rest: str, mask: str) -> str | None:
    if re.match(r"\s*(=(?!=)|\.|\[|,)", mask) and not re.match(r"\s*\[", mask):
        return None
    if re.match(r"\s*\(", mask) and _closes_last(mask.strip()):
        return None
    arguments = rest.strip()
    if not arguments:
        return "print()"
    ending = ""
    if arguments.endswith(","):
        arguments, ending = arguments[:-1].rstrip(), ", end=' '"
    if arguments.startswith(">>"):
        target, *values = _split(arguments[2:], mask.strip()[2 : len(arguments)])
        return f"print({', '.join([*values, f'file={target}'])}{ending})"
    return f"print({arguments}{ending})"


def _closes_last(mask: str) -> bool:
    """Tell whether the bracket that opens a text closes at its end."""
    depth = 0
    for position, character in enumerate(mask):
        depth += (character in "([{") - (character in ")]}")
        if not depth:
            return position == len(mask) - 1
    return False


def _split(text: str, mask: str) -> list[str]:
    """Split at commas outside brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(mask):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]


REPAIR = Codemod(
    code="python2-syntax",
    library="python",
    since="3.0",
    reason="The syntax of Python 2 is gone: print and exec are functions, `except E as e` and `raise E(text)` are new",
    mentions=("",),
    change=change,
    unit="cell",
    certain=True,
)
