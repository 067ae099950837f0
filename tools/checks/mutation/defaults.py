"""Mutants of the settings: another default."""

import re
from collections.abc import Mapping

from tools.checks.mutation.model import Mutant

SETTINGS = "configs/default.yaml"
_NUMBER = re.compile(r"^(\s*[\w-]+:\s*)(-?\d+(?:\.\d+)?(?:e-?\d+)?)(\s*(?:#.*)?)$")


def changed_defaults(tree: Mapping[str, str]) -> list[Mutant]:
    """Return one mutant for each number among the settings.

    Args:
        tree: Text files by path.
    """
    text = tree.get(SETTINGS, "")
    lines = text.splitlines(keepends=True)
    found = []
    for index, line in enumerate(lines):
        match = _NUMBER.match(line.rstrip("\n"))
        if not match:
            continue
        number = match[2]
        other = str(int(number) + 1) if re.fullmatch(r"-?\d+", number) else repr(round(float(number) * 0.75, 12) or 0.5)
        changed = f"{match[1]}{other}{match[3]}\n"
        found.append(
            Mutant(
                kind="changed default",
                file=SETTINGS,
                line=index + 1,
                text="".join([*lines[:index], changed, *lines[index + 1 :]]),
                before=line.strip(),
                after=changed.strip(),
                rank=1,
            )
        )
    return found
