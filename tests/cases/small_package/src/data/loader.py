"""Data loading and preprocessing."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from sklearn.model_selection import train_test_split

from src.config import Config


class Split(NamedTuple):
    """Features and kinds of both parts."""

    X_train: pd.DataFrame
    X_test: pd.DataFrame
    y_train: pd.Series[int]
    y_test: pd.Series[int]


def load_data(path: str) -> pd.DataFrame:
    """Read the data.

    Args:
        path: CSV file.

    Returns:
        The rows of the file.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    try:
        return pd.read_csv(path)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"no data at {path}: set data.path") from error


def clean_data(df: pd.DataFrame) -> pd.DataFrame:
    """Drop rows with gaps.

    Args:
        df: Data as loaded.

    Returns:
        The rows without gaps.
    """
    return df.dropna()


def split_data(df: pd.DataFrame, test_size: float, seed: int) -> Split:
    """Split the data.

    Args:
        df: Cleaned data.
        test_size: Fraction of the rows to test on.
        seed: Seed of the shuffle.

    Returns:
        Features and kinds of both parts.
    """
    X = df[["length", "width"]]
    y = df["kind"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=seed)
    return Split(X_train, X_test, y_train, y_test)


def prepare_data(config: Config) -> Split:
    """Load, clean and split the data.

    Args:
        config: All settings.

    Returns:
        What to train and to test on.
    """
    df = load_data(config.data.path)
    df = clean_data(df)
    return split_data(df, config.data.test_size, config.seed)
