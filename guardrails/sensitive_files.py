"""Which files are not even read: they are empty in the sandbox, never copied and never shown to an agent."""

import os
from collections.abc import Sequence
from pathlib import Path

from tools.errors import ExitCode, UserError
from tools.path_patterns import files_below, matched_file


def hidden_from_runs(folder: Path, patterns: Sequence[str], levels: int = 0) -> tuple[str, ...]:
    """Return what a run of foreign code must not see, sorted: absolute paths of files and folders.

    Args:
        folder: Of the notebook; its whole repository is searched, and the top of the user's home.
        patterns: Globs (guardrails.sensitive_files).
        levels: How many folders up the notebook reaches; they are searched where there is no repository.
    """
    found = set(files_below(project_root(folder, levels), patterns))
    home = Path.home()
    if home.is_dir():
        found.update(path for path in map(Path, os.scandir(home)) if matched_file(path, home, patterns))
    return tuple(sorted(str(path) for path in found))


def project_root(folder: Path, levels: int = 0) -> Path:
    """Return the root of the repository that a folder lies in, else the folder some levels up."""
    place = folder.resolve()
    for root in (place, *place.parents):
        if (root / ".git").exists():
            return root
    return (place, *place.parents)[min(levels, len(place.parents))]


def refuse_sensitive(path: Path, patterns: Sequence[str]) -> None:
    """Refuse a file that is named to be read.

    Raises:
        UserError: If it is sensitive.
    """
    pattern = matched_file(path, path.parent, patterns)
    if pattern:
        raise UserError(
            f"{path} is sensitive (`{pattern}`, guardrails.sensitive_files): it was not read; change the pattern if it "
            "may be",
            ExitCode.GUARDRAIL,
        )
