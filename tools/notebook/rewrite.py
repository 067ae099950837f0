"""What a handler of magics is given and what it gives back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Action = Literal["rewritten", "dropped", "requirement", "download", "kept"]


@dataclass(frozen=True)
class Rewrite:
    """What becomes of one magic.

    Attributes:
        action: As in `MagicRecord`.
        detail: One clause for people.
        code: Python that takes its place; empty where nothing does. May be several lines.
        again: `code` may itself start with a magic and is looked at again.
        requirements: Pip requirement strings.
        warning: A sentence without its place; empty for none.
    """

    action: Action
    detail: str
    code: str = ""
    again: bool = False
    requirements: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True)
class Context:
    """What a handler may know of the notebook around the magic.

    Attributes:
        names: Names that the notebook binds somewhere.
        source: All code of the notebook, to see whether a name is used at all.
        read_text: Text of a file beside the notebook, or None where it cannot be read.
        read_cells: For another notebook beside this one, its code cells as (plain Python, requirements), or None.
        target: Left side of `x = %magic`; empty where the magic stands alone.
        nesting: How many notebooks deep `%run` has gone.
    """

    names: frozenset[str] = frozenset()
    source: str = ""
    read_text: Callable[[str], str | None] = field(default=lambda name: None)
    read_cells: Callable[[str], tuple[tuple[str, tuple[str, ...]], ...] | None] = field(default=lambda name: None)
    target: str = ""
    nesting: int = 0


Handler = Callable[[str, Context], Rewrite]

_BINDING = re.compile(
    r"^[ \t]*(?:(?:def|class)[ \t]+(\w+)|([\w \t,]+?)[ \t]*(?::[^=\n]+)?=(?!=))|\bfor[ \t]+([\w \t,()]+?)[ \t]+in\b"
    r"|\b(?:as|import)[ \t]+(\w+)",
    re.MULTILINE,
)


def bound_names(source: str) -> frozenset[str]:
    """Return the names that a text of Python and magics seems to bind (a guess that needs no parsing)."""
    return frozenset(
        name
        for found in _BINDING.finditer(source)
        for group in found.groups()
        if group
        for name in re.findall(r"\w+", group)
    )


def assigned(context: Context, expression: str) -> str:
    """Return `target = expression`, or the expression alone where there is no target."""
    return f"{context.target} = {expression}" if context.target else expression


def unavailable(context: Context, what: str) -> str:
    """Return one assignment that binds the target's value to a clear failure instead of a wrong value."""
    message = f"{what} needs IPython and was not rewritten"
    return f"{context.target} = (_ for _ in ()).throw(NotImplementedError({message!r}))" if context.target else ""
