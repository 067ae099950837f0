"""Failures that a user can act on, and the exit codes of the command line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a process of ours ends with (design, section 7)."""

    VERIFIED = 0
    FAILED = 1
    BAD_INPUT = 2
    GUARDRAIL = 3
    BUDGET = 4
    UNPROVEN = 5
    WAITING = 6
    INTERRUPTED = 130


def printable(text: str) -> str:
    """Return a text whose control characters are shown, not obeyed by a terminal; line ends and tabs stay."""
    return "".join(c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class UserError(Exception):
    """One sentence a user can act on: what, where, what next.

    Args:
        message: The sentence.
        code: Exit code that the command line ends with.
    """

    def __init__(self, message: str, code: ExitCode = ExitCode.BAD_INPUT) -> None:
        super().__init__(printable(message))
        self.code = code
