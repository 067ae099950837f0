"""Which paths may not be written."""

from collections.abc import Sequence

from tools.errors import ExitCode, UserError
from tools.path_patterns import matches
from tools.workspace import Guard


def refuse_protected(patterns: Sequence[str]) -> Guard:
    """Return a guard of the workspace that refuses to write or remove protected files."""

    def guard(path: str, text: str) -> None:
        pattern = matches(path, patterns)
        if pattern:
            raise UserError(
                f"{path} is protected by `{pattern}` (guardrails.protected_files): it was not written",
                ExitCode.GUARDRAIL,
            )

    return guard
