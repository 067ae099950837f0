"""Finds the team files beside the notebook, or up the tree to the root of its repository, and reads them."""

from pathlib import Path

from tools.errors import UserError
from tools.team.model import ArchitectConfig, PipelineFile, TeamFiles
from tools.team.steps import validated_steps
from tools.team.validate import validated
from tools.team.yaml_lines import read_yaml

CONFIG = (".architect.yaml", ".architect.yml")
CONVENTIONS = (".architect.md", "AGENTS.md", "CLAUDE.md")
PIPELINE = ("ml-productionize.yaml", "ml-productionize.yml")
MAX_CONVENTIONS = 200_000


def find_upwards(names: tuple[str, ...], start: Path) -> Path | None:
    """Return the first of these files in a folder or above it, up to the root of its repository (or home)."""
    folder = start.resolve()
    for place in (folder, *folder.parents):
        for name in names:
            if (place / name).is_file():
                return place / name
        if (place / ".git").exists() or place == Path.home():
            return None
    return None


def load_team_files(start: Path, config: str = "", conventions: str = "", pipeline: str = "") -> TeamFiles:
    """Read the team files that hold for a notebook.

    Args:
        start: Folder of the notebook.
        config: Path of `.architect.yaml` as named on the command line; empty to look for it. Likewise the others.
        conventions: Path of `.architect.md`.
        pipeline: Path of `ml-productionize.yaml`.

    Raises:
        UserError: If a named file is missing, or a file is not valid.
    """
    found = {
        "config": _chosen(config, CONFIG, start),
        "conventions": _chosen(conventions, CONVENTIONS, start),
        "pipeline": _chosen(pipeline, PIPELINE, start),
    }
    merged = TeamFiles(sources={kind: str(path) for kind, path in found.items() if path})
    changes: dict[str, object] = {}
    origin: dict[str, str] = {}
    if found["config"]:
        content, lines = read_yaml(found["config"])
        changes["config"] = validated(ArchitectConfig, content, lines, found["config"])
        leaves = (key for key in lines if key and not any(other[: len(key)] == key != other for other in lines))
        origin = {".".join(map(str, key)): f"{found['config']}:{lines[key]}" for key in leaves}
    if found["conventions"]:
        changes["conventions"] = _text(found["conventions"])
    if found["pipeline"]:
        content, lines = read_yaml(found["pipeline"])
        steps = validated(PipelineFile, content, lines, found["pipeline"])
        changes["pipeline"] = validated_steps(steps, lines, found["pipeline"])
    return merged.model_copy(update={**changes, "origin": origin})


def _chosen(named: str, names: tuple[str, ...], start: Path) -> Path | None:
    if not named:
        return find_upwards(names, start)
    path = Path(named).expanduser()
    if not path.is_file():
        raise UserError(f"{path} does not exist: name an existing file, or leave the option out")
    return path.resolve()


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read as text ({error})") from error
    if len(text) > MAX_CONVENTIONS:
        raise UserError(f"{path}: longer than {MAX_CONVENTIONS:,} characters: shorten the conventions")
    return text
