"""Secrets that were taken out of the notebook are read by name, with an error that says which variable to set."""

import re
from collections.abc import Sequence

MODULE = "src/environment.py"
FUNCTION = "environment_value"


def named_variables(code: str, names: Sequence[str]) -> str:
    """Return code in which each `os.environ["NAME"]` of a secret is a call that fails with a sentence.

    Args:
        code: Of a module.
        names: Environment variables that stand for secrets.
    """
    if not names:
        return code
    wanted = "|".join(map(re.escape, sorted(names)))
    return re.sub(rf"\bos\.environ\[([\"'])({wanted})\1\]", rf"{FUNCTION}(\1\2\1)", code)


def used_names(files: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the variables that some text reads by name, sorted."""
    text = "\n".join(files)
    return tuple(name for name in sorted(names) if re.search(rf"{FUNCTION}\([\"']{re.escape(name)}[\"']\)", text))
