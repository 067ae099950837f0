"""The settings: their types, and how they are read."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException


@dataclass
class DataConfig:
    """Where the data is, and how it is split."""

    path: str
    test_size: float


@dataclass
class ModelConfig:
    """Hyperparameters of the model."""

    max_depth: int


@dataclass
class TrainingConfig:
    """Where the model is saved."""

    output_dir: str


@dataclass
class EvaluationConfig:
    """Where the metrics are written."""

    metrics_path: str


@dataclass
class Config:
    """All settings."""

    seed: int
    data: DataConfig
    model: ModelConfig
    training: TrainingConfig
    evaluation: EvaluationConfig


def load_config(path: str, overrides: Sequence[str] = ()) -> Config:
    """Read the settings from a YAML file.

    Args:
        path: YAML file with a value for every setting.
        overrides: Values that replace those of the file, such as `"evaluation.threshold=0.5"`.

    Returns:
        The settings, checked against the types above.

    Raises:
        FileNotFoundError: If there is no such file.
        OmegaConfBaseException: If a setting is unknown, missing or of the wrong type.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"no settings at {path}: run from the repository root, and train before evaluating")
    schema = OmegaConf.structured(Config)
    config = OmegaConf.merge(schema, OmegaConf.load(path), OmegaConf.from_dotlist(list(overrides)))
    return cast(Config, OmegaConf.to_object(config))


def parse_config(argv: Sequence[str] | None, default: str) -> Config:
    """Read the settings that a command line asks for; exit with a message when they are wrong.

    Args:
        argv: Arguments of the command; those of the process if None.
        default: YAML file to read unless `--config` names another.

    Returns:
        The settings.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default=default, help="YAML file to read (default: %(default)s)")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="for example evaluation.threshold=0.5")
    args = parser.parse_args(argv)
    try:
        return load_config(args.config, args.overrides)
    except (FileNotFoundError, OmegaConfBaseException) as error:
        parser.error(str(error))
