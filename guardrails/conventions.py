"""The team's conventions (`.architect.md`) line by line: which section a line stands in, and which rules check it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tools.frozen import Frozen

Section = Literal["structure", "required", "prohibited", "other"]
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_BOLD = re.compile(r"^\*\*(.+?)\*\*:?$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(.*\S)\s*$")
_SECTIONS: tuple[tuple[Section, str], ...] = (
    ("structure", r"structure|layout|folders|directories"),
    ("prohibited", r"prohibit|forbid|never|do not|don.t|not allowed|avoid|banned"),
    ("required", r"requir|must|always|rules|style|convention|standards"),
)
_CODE = re.compile(r"`([^`]+)`")
_FOLDER = re.compile(r"^`?(?:\./)?((?:[\w.-]+/)+)`?(?:[\w.*-]+)?(?:\s|$|→|:|-)")


class ConventionLine(Frozen):
    """One line of the conventions that asks for something.

    Attributes:
        number: In the file, from 1.
        section: The kind of the section that it stands in.
        text: What it says, without its bullet.
    """

    number: int
    section: Section
    text: str

    @property
    def folder(self) -> str:
        """The folder that a line of the structure begins with; empty where it begins with none."""
        found = _FOLDER.match(self.text) if self.section == "structure" else None
        return found[1] if found else ""

    @property
    def snippets(self) -> tuple[str, ...]:
        """The pieces of code in backticks."""
        return tuple(_CODE.findall(self.text))


Compiler = Callable[[ConventionLine], bool]
"""Tells whether a rule checks a line."""


def read_conventions(text: str) -> tuple[ConventionLine, ...]:
    """Return the lines of a conventions file that ask for something: the list items, with their sections.

    Args:
        text: Markdown; what stands in a fenced block is no item.
    """
    found: list[ConventionLine] = []
    section: Section = "other"
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line) or _BOLD.match(line.strip())
        item = None if fenced else _ITEM.match(line)
        if heading:
            section = _section(heading[1])
        elif item:
            found.append(ConventionLine(number=number, section=section, text=item[1]))
    return tuple(found)


def checked_by(
    lines: Sequence[ConventionLine], compilers: Mapping[str, Compiler]
) -> tuple[tuple[ConventionLine, tuple[str, ...]], ...]:
    """Return each line with the codes of the rules that check it, in the order of the rules.

    Args:
        lines: Of the conventions.
        compilers: Tells of a rule, by its code, whether it checks a line.
    """
    return tuple((line, tuple(code for code, checks in compilers.items() if checks(line))) for line in lines)


def _section(heading: str) -> Section:
    return next((kind for kind, words in _SECTIONS if re.search(words, heading, re.IGNORECASE)), "other")
