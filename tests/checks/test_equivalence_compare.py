from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.checks.equivalence.compare import Point, compare
from tools.checks.equivalence.explanation import explained
from tools.checks.equivalence.tolerance import close
from tools.plan.model import Returned
from tools.trace.model import Capture, Captured, ValueFacts
from tools.trace.probe.describe import describe, number_of, numbers_of
from tools.trace.probe.summarise import summarise


def captured(key: str, value: object, folder: Path) -> Captured:
    import json

    folder.mkdir(exist_ok=True)
    (folder / f"{key}.json").write_text(json.dumps(summarise(value)))
    return Captured(
        key=key,
        value=ValueFacts.model_validate(describe(value, deep=False)),
        detail=f"{key}.json",
        number=number_of(value),
        numbers=numbers_of(value),
    )


def difference(tmp_path: Path, old: object, new: object) -> tuple[str, str]:
    """Return the message of a difference (empty where both are equal) and the tolerance used."""
    point = Point(
        function="prepare",
        returned=Returned(name="x", variable="x", statement="c7.s2", annotation="Any", capture="k"),
    )
    first = Capture(seed=1, status="ran", values={"k": captured("k", old, tmp_path / "a")})
    second = Capture(seed=1, status="ran", values={"k": captured("k", new, tmp_path / "b")})
    found = compare([point], first, second, (tmp_path / "a", tmp_path / "b"), {})
    return found.differences[0].message if found.differences else "", found.values[0].tolerance


FRAME = pd.DataFrame({"age": [31.0, 40.0], "sex": ["f", "m"], "income": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FRAME, FRAME.copy()),
        (FRAME.assign(age=[np.nan, 1.0]), FRAME.assign(age=[np.nan, 1.0])),
        (np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3)),
        ({"a": [1, 2.0, "x"]}, {"a": [1, 2.0, "x"]}),
        (0.5, np.float64(0.5)),
    ],
)
def test_equal_values_have_no_difference(tmp_path: Path, old: object, new: object) -> None:
    assert difference(tmp_path, old, new) == ("", "0")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (FRAME.assign(age=[31.0, np.nan]), "1 of 3 columns differ; first difference row 1, `age` 40.0 vs nan"),
        (FRAME.drop(columns="sex"), "shape (2, 3) in the notebook, (2, 2) in the package"),
        (FRAME.rename(columns={"sex": "gender"}), "columns `sex` missing; columns `gender` added"),
        (FRAME[["sex", "age", "income"]], "the columns are in another order"),
        (FRAME.set_index(pd.Index([0, 5])), "the row labels differ; first difference row 1, 1 vs 5"),
        (FRAME.to_numpy(), "pandas.DataFrame in the notebook, numpy.ndarray in the package"),
    ],
)
def test_a_frame_is_explained_in_one_line(tmp_path: Path, new: object, message: str) -> None:
    assert difference(tmp_path, FRAME, new)[0] == f"`x` of prepare: {message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 3.0]), "1 of 2 values differ; first difference at 1, 2.0 vs 3.0"),
        (0.5, 0.75, "0.5 in the notebook, 0.75 in the package"),
        ({"a": 1, "b": 2}, {"a": 1}, "`b` of the notebook is missing in the package"),
        ([1, 2], [1, 2, 3], "2 items in the notebook, 3 in the package"),
        ({"a": {"b": 1.0}}, {"a": {"b": 2.0}}, "`a`: `b`: 1.0 in the notebook, 2.0 in the package"),
    ],
)
def test_other_values_are_explained_too(tmp_path: Path, old: object, new: object, message: str) -> None:
    assert difference(tmp_path, old, new)[0].endswith(message)


def test_the_last_digits_of_floats_are_equal_within_a_stated_tolerance(tmp_path: Path) -> None:
    message, tolerance = difference(tmp_path, np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-13]))

    assert message == ""
    assert tolerance.startswith("relative 1e-09: ")


def test_a_value_that_is_never_computed_is_a_difference(tmp_path: Path) -> None:
    point = Point(
        function="f", returned=Returned(name="x", variable="x", statement="c1.s1", annotation="", capture="k")
    )
    first = Capture(seed=1, status="ran", values={"k": captured("k", 1, tmp_path / "a")})

    found = compare([point], first, Capture(seed=1, status="ran"), (tmp_path / "a", tmp_path / "b"), {})

    assert found.differences[0].message == "`x` of f: the package never computes it"
    assert found.differences[0].statement == "c1.s1"
    assert not compare([point], first, Capture(seed=1, status="ran"), (tmp_path, tmp_path), {"k": "spread"}).values


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        ([1.0, [2.0]], [1.0, [2.0 + 1e-13]], True),
        ([1.0], [1.0, 1.0], False),
        ({"a": 1.0}, {"b": 1.0}, False),
        (FRAME, FRAME.assign(age=FRAME["age"] + 1e-13), True),
        (FRAME, FRAME.assign(income=FRAME["income"].astype("float32")), False),
        (np.zeros(300_000), np.append(np.zeros(299_999), 1.0), False),
    ],
)
def test_closeness_is_never_granted_to_what_was_not_seen(first: object, second: object, equal: bool) -> None:
    assert close(summarise(first), summarise(second)) == equal


def test_a_long_explanation_is_cut(tmp_path: Path) -> None:
    old, new = captured("a", "x" * 5000, tmp_path), captured("b", "y" * 5000, tmp_path)

    assert len(explained(old, new, summarise({"k" * 900: 1}), summarise({}))) <= 300
