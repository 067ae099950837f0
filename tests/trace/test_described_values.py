"""What is known of a value: annotations that a strict type checker takes, public names, shapes, statistics."""

import collections
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tools.trace.model import ValueFacts
from tools.trace.probe.describe import describe, number_of, numbers_of

FRAME = pd.DataFrame({"age": [31.0, np.nan], "city": ["Bern", "Basel"], "n": [1, 2]})


class Unreadable:
    @property
    def shape(self) -> None:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "annotation", "imports"),
    [
        (1, "int", []),
        (None, "None", []),
        (np.float64(1), "float", []),
        (np.int64(1), "np.int64", ["import numpy as np"]),
        (FRAME, "pd.DataFrame", ["import pandas as pd"]),
        (FRAME["n"], "pd.Series[int]", ["import pandas as pd"]),
        (FRAME["city"], "pd.Series[str]", ["import pandas as pd"]),
        (pd.Series([1, "a"]), "pd.Series[Any]", ["from typing import Any", "import pandas as pd"]),
        (FRAME.columns, "pd.Index[str]", ["import pandas as pd"]),
        (np.zeros(2), "npt.NDArray[np.float64]", ["import numpy as np", "import numpy.typing as npt"]),
        (["a", "b"], "list[str]", []),
        ({"a": 0.5, "b": 1}, "dict[str, float]", []),
        ((1, "a"), "tuple[int, str]", []),
        ([1, None], "list[int | None]", []),
        ([], "list[Any]", ["from typing import Any"]),
        ({"a": FRAME}, "dict[str, pd.DataFrame]", ["import pandas as pd"]),
        (collections.defaultdict(list, a=[1]), "dict[str, list[int]]", []),
        (collections.Counter("aab"), "dict[str, int]", []),
        (collections.deque([1]), "deque[Any]", ["from collections import deque", "from typing import Any"]),
        (re.compile("a"), "re.Pattern[str]", ["import re"]),
        (FRAME.groupby("city"), "Any", ["from typing import Any"]),
        (sparse.csr_matrix((2, 2)), "csr_matrix", ["from scipy.sparse import csr_matrix"]),
        (LogisticRegression(), "LogisticRegression", ["from sklearn.linear_model import LogisticRegression"]),
        (len, "Callable[..., Any]", ["from collections.abc import Callable", "from typing import Any"]),
    ],
)
def test_annotations(value: Any, annotation: str, imports: list[str]) -> None:
    facts = ValueFacts.model_validate(describe(value))

    assert (facts.annotation, list(facts.imports)) == (annotation, imports)


def test_annotations_of_torch() -> None:
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.ones(4, 2))

    assert describe(torch.ones(2))["annotation"] == "torch.Tensor"
    assert describe(torch.utils.data.DataLoader(data))["annotation"] == "DataLoader[Any]"


def test_the_public_name_of_a_class() -> None:
    assert describe(FRAME)["type"] == "pandas.DataFrame"
    assert describe(LogisticRegression())["type"] == "sklearn.linear_model.LogisticRegression"
    assert "sklearn.base.ClassifierMixin" in describe(LogisticRegression())["bases"]
    assert describe(1)["type"] == "builtins.int"


def test_a_frame() -> None:
    facts = ValueFacts.model_validate(describe(FRAME))

    assert facts.shape == (2, 3)
    assert [name for name, _ in facts.columns] == ["age", "city", "n"]
    assert facts.schema_["age"] == {"dtype": "float64", "missing": 1, "min": 31.0, "max": 31.0, "values": ["31.0"]}
    assert facts.schema_["city"]["values"] == ["Basel", "Bern"]


def test_fitted_estimators() -> None:
    assert not describe(LogisticRegression())["fitted"]
    assert describe(LogisticRegression().fit([[0], [1]], [0, 1]))["fitted"]


@pytest.mark.parametrize(
    ("value", "literal"),
    [(0.2, "0.2"), ("a", "'a'"), (["a", 1], "['a', 1]"), (np.float64(1), None), (FRAME, None), (float("nan"), None)],
)
def test_literals(value: Any, literal: str | None) -> None:
    assert describe(value)["literal"] == literal


def test_numbers() -> None:
    assert [number_of(v) for v in (1, 0.5, True, "1", np.float32(2), np.array(3), np.array([4, 5]))] == [
        1.0,
        0.5,
        None,
        None,
        2.0,
        3.0,
        None,
    ]
    assert numbers_of({"a": {"b": 1}, "c": [2, "x"]}) == {"a.b": 1.0, "c.0": 2.0}
    assert numbers_of(list(range(300))) == {}


def test_a_value_that_fails_when_it_is_looked_at() -> None:
    assert describe(Unreadable())["type"].endswith(".Unreadable")
