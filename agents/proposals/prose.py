"""Prose of chat models: it may say only what code and facts bear out, and nothing to a tool."""

import re

from agents.proposals.model import Material, Refused

_NAMED = re.compile(r"`([^`]+)`")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*%?")
_WORD = re.compile(r"[A-Za-z_]\w*")
_TO_TOOLS = re.compile(r"(?i)#\s*(?:noqa|type:|fmt:|pragma|ruff:|mypy:|nosec)|\bdoctest\b|>>>|\"\"\"|'''|https?://")
_UNDONE = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|lorem ipsum)\b", re.IGNORECASE)


def checked_prose(text: str, known: str, most: int) -> str:
    """Return a text as one line with a full stop.

    Args:
        text: As proposed.
        known: Code and facts that it is about: names in backticks and numbers must stand there.
        most: Characters at the most.

    Raises:
        Refused: If it is too long, speaks to a tool, or names what there is not.
    """
    line = " ".join(text.replace("\\", "").split())
    if not line:
        raise Refused("there is no text")
    if len(line) > most:
        raise Refused(f"`{line[:40]}…` has {len(line)} characters, {most} are allowed")
    if not line.isprintable() or _TO_TOOLS.search(line) or _UNDONE.search(line):
        raise Refused(f"`{line[:60]}` speaks to tools or says that something is undone")
    words = set(_WORD.findall(known))
    for name in _NAMED.findall(line):
        missing = [word for word in _WORD.findall(name) if word not in words]
        if missing:
            raise Refused(f"it names `{missing[0]}`, which does not occur there")
    numbers = {_plain(n) for n in _NUMBER.findall(known)}
    invented = [n for n in _NUMBER.findall(line) if _plain(n) not in numbers]
    if invented:
        raise Refused(f"it gives the number {invented[0]}, which does not occur there")
    line = line[0].upper() + line[1:] if line[0].islower() and not line.startswith(("`", "df ")) else line
    return line if line.endswith((".", "!", "?")) else f"{line}."


def known_of(material: Material, code: str) -> str:
    """Return what prose about some code may speak of: the code, and the columns, shapes and names that the run showed.

    Args:
        material: Facts and plan.
        code: That the prose is about.
    """
    shown: dict[str, None] = {}
    for traced in material.facts.trace.statements.values():
        for name, value in (*traced.bound.items(), *traced.mutated.items()):
            shown[name] = None
            shown |= dict.fromkeys(column for column, _ in value.columns)
            shown |= dict.fromkeys(str(size) for size in value.shape or ())
    settings = [setting.key for setting in material.plan.settings]
    return "\n".join([code, *shown, *settings])


def _plain(number: str) -> str:
    return number.rstrip("%").replace(",", "")
