"""Formats generated modules: imports sorted, unused ones gone, safe lint fixes made, lines laid out."""

from collections.abc import Mapping

from tools.render import layout

FIXES = (
    *("--select", "I,F401,UP,C4,SIM,RUF010,RUF100,E70,W,RET"),
    *("--ignore", "RET501,RET503,RET504,RET505,SIM115"),
    *layout.LINE_LENGTH,
)


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files with their Python formatted and safe lint fixes made; what does not parse stays as it is."""
    return layout.formatted(files, FIXES)
