"""The first rows of a part of a split are told by their labels, whatever the index holds."""

import pandas as pd
import pytest

from tools.render.engine import render
from tools.render.package_probe import _labels


@pytest.mark.parametrize(
    ("index", "labels"),
    [
        (pd.Index([3, 1]), [3, 1]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        (pd.to_datetime(["2022-01-01", "2022-01-02"]), ["2022-01-01 00:00:00", "2022-01-02 00:00:00"]),
        (pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]), ["('a', 1)", "('b', 2)"]),
    ],
)
def test_what_is_recorded_of_an_index_is_what_the_test_compares(index, labels):
    assert _labels(index) == labels

    text = render("tests/values.py.j2", name="t", shapes=[], heads=[("part", labels)], call="part", tolerance="")
    (line,) = [line.strip() for line in text.split("\n") if "index[:5]" in line]
    stages = type("Stages", (), {"part": pd.DataFrame({"x": [1, 2]}, index=index)})
    exec(line, {"stages": stages})
    with pytest.raises(AssertionError):
        exec(line, {"stages": type("Stages", (), {"part": pd.DataFrame({"x": [1]}, index=index[1:])})})
