"""Writes the three team files with commented defaults."""

from importlib.resources import files
from pathlib import Path

from tools.errors import UserError

TARGETS = {
    ".architect.yaml": "architect.yaml",
    ".architect.md": "architect.md",
    "ml-productionize.yaml": "ml-productionize.yaml",
}


def write_team_files(folder: Path) -> list[Path]:
    """Write the team files into a folder; one that is there already is left alone.

    Returns:
        The files written.

    Raises:
        UserError: If the folder cannot be written.
    """
    written: list[Path] = []
    for name, template in TARGETS.items():
        path = folder / name
        if path.exists():
            continue
        text = (files("tools.team") / "templates" / template).read_text(encoding="utf-8")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UserError(f"{path} cannot be written ({error.strerror}): name another folder") from error
        written.append(path)
    return written
