"""Values from the environment and the command line over those of the team files."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from tools.errors import UserError
from tools.team.model import ArchitectConfig, TeamFiles
from tools.team.validate import validated

PREFIX = "ML_PRODUCTIONIZE_"


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the overrides that environment variables ask for.

    `ML_PRODUCTIONIZE_BUDGET__MAX_SECONDS=60` overrides `budget.max_seconds`.
    """
    found: dict[str, str] = {}
    for name, value in sorted((os.environ if environment is None else environment).items()):
        if name.startswith(PREFIX) and "__" in name:
            found[name.removeprefix(PREFIX).lower().replace("__", ".")] = value
    return found


def overridden(files: TeamFiles, overrides: Mapping[str, str], source: str) -> TeamFiles:
    """Return the team files with single values replaced.

    Args:
        files: As read.
        overrides: Value as YAML by dotted key, such as `{"budget.max_rounds": "3"}`.
        source: Where they come from, for `origin` and for messages.

    Raises:
        UserError: If a key is unknown or a value has the wrong type.
    """
    if not overrides:
        return files
    content = files.config.model_dump()
    for key, text in overrides.items():
        *parents, last = key.split(".")
        target: object = content
        for parent in parents:
            target = target.setdefault(parent, {}) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            raise UserError(f"{source}: unknown key `{key}`")
        try:
            target[last] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise UserError(f"{source}: `{key}`: {text!r} is not valid YAML") from error
    config = validated(ArchitectConfig, content, {}, Path(source))
    return files.model_copy(update={"config": config, "origin": {**files.origin, **dict.fromkeys(overrides, source)}})
