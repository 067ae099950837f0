import ast

import pytest
from analysed import facts_of

SKLEARN = """
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, train_test_split
df = pd.read_csv("a.csv")
X, y = df.drop(columns="y"), df["y"]
"""


def settings(tmp_path, code: str) -> dict[str, str]:
    facts = facts_of(tmp_path, SKLEARN + code)
    found = {(f"{h.section}." if h.section else "") + h.key: h.value for h in facts.hyperparameters}
    found.pop("data.path")
    return found


@pytest.mark.parametrize(
    "code, expected",
    [
        ("m = RandomForestClassifier(n_estimators=50, n_jobs=2)", {"model.random_forest.n_estimators": "50"}),
        ("m = KNeighborsClassifier(7)", {"model.k_neighbors.n_neighbors": "7"}),
        ("a, b = train_test_split(df, test_size=0.2, stratify=None)", {"data.test_size": "0.2"}),
        ("i = SimpleImputer(strategy='median')", {"preprocessing.imputer.strategy": "'median'"}),
        ("SEED = 4\nm = RandomForestClassifier(random_state=SEED)", {"seed": "4"}),
        ("np.random.seed(3)\nm = RandomForestClassifier(random_state=3)", {"seed": "3"}),
        (
            "np.random.seed(3)\nm = RandomForestClassifier(random_state=5)",
            {"seed": "3", "model.random_forest.random_state": "5"},
        ),
        ("RS = 8\nm = RandomForestClassifier(random_state=RS)", {"seed": "8"}),
        ("numeric = ['a', 'b']\nZ = df[numeric]", {"data.numeric": "['a', 'b']"}),
        ("df.loc[df['fare'] > 300, 'fare'] = 300", {"preprocessing.fare_max": "300"}),
        ("df = df[df['age'] < 100]", {"preprocessing.age_max": "100"}),
        ("df = df.drop('a', axis=1)\ndf['sex'] = df['sex'].map({'m': 0, 'f': 1})", {}),
        ("rows = []\nrows.append(3)", {}),
        ("count = 5\ncount = 6", {}),
    ],
)
def test_constants_get_the_name_that_a_person_would_give(tmp_path, code, expected):
    assert settings(tmp_path, code) == expected


def test_each_entry_of_a_grid_is_a_setting(tmp_path):
    code = "grid = {'alpha': [0.1, 1.0], 'solver': ['svd', 'sag']}\ns = GridSearchCV(Ridge(), grid, cv=5)\ns.fit(X, y)"
    assert settings(tmp_path, code) == {
        "model.ridge.grid.alpha": "[0.1, 1.0]",
        "model.ridge.grid.solver": "['svd', 'sag']",
        "training.cv": "5",
    }


def test_equal_names_with_different_values_are_told_apart(tmp_path):
    code = (
        "a = SimpleImputer(strategy='mean')\nb = SimpleImputer(strategy='median')\nc = SimpleImputer(strategy='mean')"
    )
    found = facts_of(tmp_path, SKLEARN + code).hyperparameters[1:]
    assert [h.key for h in found] == ["imputer.strategy", "imputer.strategy_2", "imputer.strategy"]


def test_the_span_points_at_the_literal_in_bytes(tmp_path):
    facts = facts_of(tmp_path, SKLEARN + "größe = RandomForestClassifier(max_depth=12)  # flache Bäume")
    [found] = [h for h in facts.hyperparameters if h.key == "random_forest.max_depth"]
    code = {s.id: s.code for s in facts.notebook.statements()}[found.statement]
    line, start, _, end = found.span
    assert code.split("\n")[line - 1].encode()[start:end] == b"12"
    assert found.annotation == "int | None"
    assert found.comment == "flache Bäume"


def test_every_value_is_a_literal(tmp_path):
    facts = facts_of(tmp_path, SKLEARN + "m = RandomForestClassifier(max_features='sqrt', ccp_alpha=-0.5)")
    assert [ast.literal_eval(h.value) for h in facts.hyperparameters[1:]] == ["sqrt", -0.5]


def test_the_count_of_a_training_loop_is_a_setting(tmp_path):
    code = """
import torch
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(20):
    loss = net(torch.ones(1, 2)).sum()
    loss.backward()
    optimizer.step()
"""
    facts = facts_of(tmp_path, code)
    assert {f"{h.section}.{h.key}": h.value for h in facts.hyperparameters} == {
        "training.lr": "0.1",
        "training.epochs": "20",
    }


MODEL = "from sklearn.svm import SVC\n"


@pytest.mark.parametrize(
    "code, expected",
    [
        (
            "params = dict(n_estimators=50, max_depth=4)\nm = RandomForestClassifier(**params, verbose=1)",
            {"model.random_forest.n_estimators": "50", "model.random_forest.max_depth": "4"},
        ),
        (
            "CONFIG = {'batch_size': 16, 'seed': 3, 'shuffle': True}\nn = CONFIG['batch_size']",
            {"training.batch_size": "16", "seed": "3"},
        ),
        ("names = {'a': 1, 'b': 2}\nprint(names)", {}),
        ("from pathlib import Path\nDATA = Path('data')\nZ = list(DATA.iterdir())", {"data.data_dir": "'data'"}),
        ("cutoff = '2022-01-01'\nZ = df[df.index < cutoff]", {"evaluation.cutoff": "'2022-01-01'"}),
        ("word = 'plain'\nZ = df[word]", {}),
    ],
)
def test_options_folders_and_dates_are_settings(tmp_path, code, expected):
    assert settings(tmp_path, code) == expected


def test_the_numbers_that_a_loop_goes_through_are_a_setting(tmp_path):
    code = "Z = pd.DataFrame()\nfor lag in [1, 7]:\n    Z[f'lag_{lag}'] = df['x'].shift(lag)\n"
    assert list(settings(tmp_path, code).values()) == ["[1, 7]"]
    assert [key.rpartition(".")[2] for key in settings(tmp_path, code)] == ["lags"]


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("SIZE = 12  # first # second", "first # second"),
        ("SIZE = [12, 13][0]  # it's", "it's"),
        ("name_path = 'a#b.csv'", ""),
    ],
)
def test_a_comment_begins_at_the_first_mark_outside_of_text(tmp_path, line, comment):
    facts = facts_of(tmp_path, SKLEARN + line + "\nprint(df.head(12))\n")
    found = [h for h in facts.hyperparameters if h.key not in ("path",)]
    assert [h.comment for h in found] in ([comment], [])
