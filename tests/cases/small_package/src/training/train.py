"""Training with MLflow tracking."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import joblib
import mlflow
import numpy as np
import pandas as pd
import structlog
from mlflow.models import infer_signature
from omegaconf import OmegaConf
from sklearn.tree import DecisionTreeClassifier

from src.config import Config, parse_config
from src.data.loader import prepare_data
from src.evaluation.evaluate import score_model, write_metrics
from src.log import configure_logging
from src.models.model import build_decision_tree

log = structlog.get_logger()


def set_seed(seed: int) -> None:
    """Seed the global random generators.

    Args:
        seed: The seed.
    """
    random.seed(seed)
    np.random.seed(seed)


def fit_decision_tree(
    model: DecisionTreeClassifier, X_train: pd.DataFrame, y_train: pd.Series[int]
) -> DecisionTreeClassifier:
    """Fit the decision tree.

    Args:
        model: Unfitted model.
        X_train: Features.
        y_train: Kinds.

    Returns:
        The fitted model.
    """
    model.fit(X_train, y_train)
    return model


def train(config: Config) -> dict[str, float]:
    """Train, evaluate, track and save the model.

    Args:
        config: All settings.

    Returns:
        Value by name of metric.
    """
    set_seed(config.seed)
    split = prepare_data(config)
    with mlflow.start_run(run_name="decision_tree"):
        model = build_decision_tree(config.model.max_depth, config.seed)
        model = fit_decision_tree(model, split.X_train, split.y_train)
        metrics = {"accuracy": score_model(model, split.X_test, split.y_test)}
        mlflow.log_params({"seed": config.seed, "model.max_depth": config.model.max_depth})
        mlflow.log_metrics(metrics)
        mlflow.sklearn.log_model(
            model,
            name="decision_tree",
            signature=infer_signature(split.X_train, model.predict(split.X_train)),
            input_example=split.X_train.head(),
            pip_requirements="requirements.txt",
            skops_trusted_types=["sklearn.tree._tree.Tree"],
        )
    Path(config.training.output_dir).mkdir(parents=True, exist_ok=True)
    joblib.dump(model, Path(config.training.output_dir) / "decision_tree.joblib")
    write_metrics(metrics, config.evaluation.metrics_path)
    OmegaConf.save(config, Path(config.training.output_dir) / "config.yaml")
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        argv: Its arguments; those of the process if None.
    """
    configure_logging()
    train(parse_config(argv, default="configs/default.yaml"))


if __name__ == "__main__":
    main()
