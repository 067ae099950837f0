"""Metrics and evaluation of the saved model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import joblib
import pandas as pd
import structlog
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier

from src.config import Config, parse_config
from src.data.loader import prepare_data
from src.log import configure_logging

log = structlog.get_logger()


def score_model(model: DecisionTreeClassifier, X_test: pd.DataFrame, y_test: pd.Series[int]) -> float:
    """Compute the accuracy.

    Args:
        model: Fitted model.
        X_test: Features.
        y_test: Kinds.

    Returns:
        The share of rows that are told apart rightly.
    """
    accuracy: float = accuracy_score(y_test, model.predict(X_test))
    return accuracy


def write_metrics(metrics: dict[str, float], path: str) -> None:
    """Write metrics as flat JSON.

    Args:
        metrics: Value by name.
        path: File to write.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(metrics, indent=2) + "\n")


def evaluate(config: Config) -> dict[str, float]:
    """Evaluate the saved model and write its metrics.

    Args:
        config: All settings, as written by the training.

    Returns:
        Value by name of metric.

    Raises:
        FileNotFoundError: If no model has been trained.
    """
    path = Path(config.training.output_dir) / "decision_tree.joblib"
    if not path.is_file():
        raise FileNotFoundError(f"no model at {path}: run `make train` first")
    split = prepare_data(config)
    metrics = {"accuracy": score_model(joblib.load(path), split.X_test, split.y_test)}
    log.info("model_evaluated", **metrics)
    write_metrics(metrics, config.evaluation.metrics_path)
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        argv: Its arguments; those of the process if None.
    """
    configure_logging()
    evaluate(parse_config(argv, default="artifacts/config.yaml"))


if __name__ == "__main__":
    main()
