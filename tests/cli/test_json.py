"""`plan --json` is for programs: one object, the documented keys, the same bytes each time."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, command, digests, notebook

SMALL = ROOT / "tests/cases/small_classifier/experiment.ipynb"
KEYS = {"cells", "statements", "hyperparameters", "data_sources", "models", "metrics", "order", "warnings"}
KEYS_OF = {
    "cells": {"index", "id", "roles", "kept", "reason"},
    "statements": {"id", "roles", "kept", "reason", "stage"},
    "hyperparameters": {"name", "value", "statement"},
}


def sixty_cells() -> list[str]:
    """A long exploration around one model: only a few cells lead to its score."""
    cells = [
        "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
        "from sklearn.linear_model import Ridge\nfrom sklearn.metrics import r2_score\n"
        "from sklearn.model_selection import train_test_split",
        "df = pd.read_csv('data.csv')",
    ]
    for number in range(50):
        cells.append(
            (
                f"df['x{number}'] = df['a'] * {number}",
                f"df['x{number - 1}'].hist()\nplt.show()",
                f"summary_{number} = df.describe()\nprint(summary_{number})",
            )[number % 3]
        )
    cells += [
        "X = df.drop(columns=['y'])\ny = df['y']",
        "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=3)",
        "alpha = 0.5",
        "model = Ridge(alpha=alpha)\nmodel.fit(X_train, y_train)",
        "predicted = model.predict(X_test)",
        "score = r2_score(y_test, predicted)\nprint(score)",
        "plt.scatter(y_test, predicted)\nplt.show()",
    ]
    assert len(cells) == 60
    return cells


@pytest.fixture(params=["small", "sixty cells"])
def experiment(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return SMALL if request.param == "small" else notebook(tmp_path / "work" / "long.ipynb", sixty_cells())


def plan(experiment: Path, home: Path) -> tuple[dict[str, Any], str]:
    done = command(home, "plan", experiment, "--no-execute", "--json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout), done.stdout


def test_one_object_with_the_documented_keys(experiment: Path, tmp_path: Path) -> None:
    found, _ = plan(experiment, tmp_path / "home")

    assert found.keys() >= KEYS
    for name, keys in KEYS_OF.items():
        assert found[name], name
        assert all(entry.keys() >= keys for entry in found[name]), name
    ids = [entry["id"] for entry in found["statements"]]
    assert len(ids) == len(set(ids))
    assert all(entry["reason"] for entry in found["statements"])
    assert all(entry["stage"] for entry in found["statements"] if entry["kept"])


def test_the_same_bytes_each_time_and_nothing_is_written(experiment: Path, tmp_path: Path) -> None:
    before = digests(experiment.parent)

    _, first = plan(experiment, tmp_path / "one")
    _, second = plan(experiment, tmp_path / "two")

    assert first == second
    assert digests(experiment.parent) == before
    assert not digests(tmp_path / "one")


def test_a_long_notebook_keeps_what_leads_to_the_score(tmp_path: Path) -> None:
    found, _ = plan(notebook(tmp_path / "work" / "long.ipynb", sixty_cells()), tmp_path / "home")

    kept = {cell["index"]: cell["kept"] for cell in found["cells"]}
    assert len(kept) == 60
    assert all(kept[index] for index in (1, 2, 3, 54, 55, 57, 58, 59))
    assert not any(kept[index] for index in (5, 6, 60))
    assert [entry["type"] for entry in found["models"]] == ["sklearn.linear_model.Ridge"]
    assert [entry["function"] for entry in found["metrics"]] == ["sklearn.metrics.r2_score"]
    assert {entry["path"] for entry in found["data_sources"]} == {"data.csv"}
    assert {entry["value"] for entry in found["hyperparameters"]} >= {"0.5", "0.25", "3"}
