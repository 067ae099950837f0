"""Equal content has equal digests, wherever it lives; a change of content changes the digest."""

import functools
import random
import subprocess
import sys
import threading
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tools.trace.probe.fingerprint import fingerprint

FRAME = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": ["x", None, "z"], "c": [1, 2, 3]})
X = np.arange(40.0).reshape(20, 2) % 7
Y = np.array([0, 1] * 10)


class Plain:
    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


def own_class(module: str) -> type:
    return type("Net", (), {"__module__": module})


EQUAL = {
    "missing numbers": (np.array([1.0, np.nan]), np.array([1.0, -np.nan])),
    "memory layout": (np.asfortranarray(X), np.ascontiguousarray(X)),
    "a view and its copy": (X[::2], X[::2].copy()),
    "scalars of numpy": (np.float64(0.5), 0.5),
    "scores collected in a list": ([np.float64(0.5)] * 9, [0.5] * 9),
    "a frame and its copy": (FRAME, FRAME.copy()),
    "a range as index": (pd.Series([1, 2]), pd.Series([1, 2], index=[0, 1])),
    "text stored as objects": (
        pd.Series(["x", None, "z"], dtype=object),
        pd.Series(["x", None, "z"], dtype="string"),
    ),
    "blocks of a frame": (
        pd.DataFrame({"a": [1.0], "b": [2.0]}),
        pd.DataFrame({"a": [1.0]}).assign(b=[2.0]),
    ),
    "formats of sparse matrices": (sparse.csr_matrix(X), sparse.csc_matrix(X)),
    "sets in another order": ({"a", "b", "c"}, {"c", "b", "a"}),
    "the class of an object in another module": (own_class("__main__")(), own_class("src.models.model")()),
    "the same estimator fitted twice": (LogisticRegression().fit(X, Y), LogisticRegression().fit(X, Y)),
    "the same forest": (
        RandomForestClassifier(5, random_state=1).fit(X, Y),
        RandomForestClassifier(5, random_state=1, n_jobs=2).fit(X, Y),
    ),
    "a search and its timings": (
        GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(X, Y),
        GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(X, Y),
    ),
    "locks": (Plain(lock=threading.Lock()), Plain(lock=threading.Lock())),
}
DIFFERENT = {
    "a value": (np.array([1, 2]), np.array([1, 3])),
    "the dtype of an array": (np.array([1, 2], dtype="int64"), np.array([1, 2], dtype="int32")),
    "the shape": (X, X.T.reshape(20, 2)),
    "one cell of text": (pd.Series(["x", "y"]), pd.Series(["x", "Y"])),
    "missing and the word for it": (pd.Series(["x", None]), pd.Series(["x", "None"])),
    "column names": (FRAME, FRAME.rename(columns={"a": "A"})),
    "the order of rows": (FRAME, FRAME.iloc[::-1]),
    "the order of columns": (FRAME, FRAME[["b", "a", "c"]]),
    "labels": (pd.Series([1, 2]), pd.Series([1, 2], index=[1, 2])),
    "the dtype of a column": (FRAME, FRAME.astype({"c": "int32"})),
    "categories": (pd.Series(["a"], dtype="category"), pd.Series(["a"])),
    "a parameter": (LogisticRegression(C=1), LogisticRegression(C=2)),
    "fitted or not": (LogisticRegression().fit(X, Y), LogisticRegression()),
    "what it was fitted to": (StandardScaler().fit(X), StandardScaler().fit(X * 2)),
    "a step of a pipeline": (
        make_pipeline(StandardScaler(), LogisticRegression()),
        make_pipeline(StandardScaler(with_mean=False), LogisticRegression()),
    ),
    "a tree in a forest": (
        RandomForestClassifier(3, random_state=1).fit(X, Y),
        RandomForestClassifier(3, random_state=1).fit(X, 1 - Y),
    ),
    "boosting": (
        GradientBoostingClassifier(n_estimators=2).fit(X, Y),
        GradientBoostingClassifier(n_estimators=2).fit(X, 1 - Y),
    ),
    "columns of a transformer": (
        ColumnTransformer([("s", StandardScaler(), [0])]),
        ColumnTransformer([("s", StandardScaler(), [1])]),
    ),
    "the state of a generator": (random.Random(1), random.Random(2)),
    "a generator of numpy": (np.random.default_rng(1), np.random.default_rng(2)),
    "an old generator of numpy": (np.random.RandomState(1), np.random.RandomState(2)),
    "an integer and a float": (1, 1.0),
    "a list and a tuple": ([1, 2], (1, 2)),
    "the end of a long list": (list(range(1000)), [*range(999), 0]),
    "a nested value": ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}),
    "an attribute": (Plain(a=1), Plain(a=2)),
    "arguments of a partial": (functools.partial(max, 1), functools.partial(max, 2)),
    "huge integers": (10**5000, 10**5000 + 1),
}


@pytest.mark.parametrize("what", EQUAL)
def test_equal(what: str) -> None:
    first, second = EQUAL[what]

    assert fingerprint(first) == fingerprint(second)


@pytest.mark.parametrize("what", DIFFERENT)
def test_different(what: str) -> None:
    first, second = DIFFERENT[what]

    assert fingerprint(first) != fingerprint(second)


def test_a_cycle_ends() -> None:
    value: list[Any] = [1]
    value.append(value)

    assert fingerprint(value) == fingerprint(value)


def test_shared_parts_are_visited_once() -> None:
    value: Any = [1]
    for _ in range(50):
        value = [value, value]

    assert len(fingerprint(value)) == 16


def test_what_cannot_be_read_or_pickled_breaks_nothing() -> None:
    class Broken:
        @property
        def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
            raise RuntimeError

    generator = (i for i in range(3))

    for value in (Broken(), generator, lambda: 1, types, sys.stdout, [Broken()]):
        assert len(fingerprint(value)) == 16
    assert list(generator) == [0, 1, 2]


def test_a_big_array_is_sampled() -> None:
    big = np.zeros(20_000_000)
    changed = big.copy()
    changed[:] = 1

    assert fingerprint(big) != fingerprint(changed)


def test_the_digest_is_the_same_in_every_process(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np, pandas as pd, random\nsys.path.insert(0, sys.argv[1])\n"
        "from probe.fingerprint import fingerprint\n"
        "print(fingerprint([{'a', 'b', 'c'}, np.arange(5), pd.DataFrame({'a': ['x']}), random.Random(1), 1.5]))"
    )
    folder = str(Path(__file__).parents[2] / "tools" / "trace")

    found = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in (1, 2)
    }

    assert len(found) == 1


def test_networks() -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(0.5))
    same = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(0.5))
    same.load_state_dict(network.state_dict())
    other = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(0.1))
    other.load_state_dict(network.state_dict())

    assert fingerprint(network) == fingerprint(same)
    assert fingerprint(network) != fingerprint(other)
    with torch.no_grad():
        same[0].weight[0, 0] += 1
    assert fingerprint(network) != fingerprint(same)
    assert fingerprint(torch.ones(2)) != fingerprint(torch.zeros(2))
    assert fingerprint({"p": torch.ones(2)}) == fingerprint({"p": torch.ones(2)})
