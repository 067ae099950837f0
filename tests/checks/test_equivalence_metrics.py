import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.checks.equivalence.metrics import evaluation_differences, flat, metric_differences, notebook_metrics
from tools.checks.equivalence.notebook_runs import KeptCapture
from tools.checks.equivalence.printed import is_printed_as
from tools.plan.model import ExtractionPlan, FunctionPlan, Returned
from tools.trace.model import Capture, Captured, ValueFacts
from tools.trace.probe.summarise import summarise

PLAN = ExtractionPlan(
    project="p",
    functions=(
        FunctionPlan(
            name="evaluate_forest",
            module="src/evaluation/evaluate.py",
            stage="evaluation",
            kind="stage",
            statements=("c5.s1",),
            returns=(
                Returned(
                    name="accuracy",
                    variable="acc",
                    statement="c5.s1",
                    annotation="float",
                    metric="forest.accuracy",
                    capture="acc",
                ),
                Returned(
                    name="folds",
                    variable="folds",
                    statement="c5.s1",
                    annotation="list[float]",
                    metric="forest.folds",
                    capture="folds",
                ),
            ),
        ),
    ),
)
CAPTURE = Capture(
    seed=1,
    status="ran",
    values={
        "acc": Captured(key="acc", value=ValueFacts(type="builtins.float"), number=0.9),
        "folds": Captured(key="folds", value=ValueFacts(type="builtins.list"), numbers={"0": 0.8, "1": 0.7}),
    },
)


RUN = KeptCapture(capture=CAPTURE, folder=Path("nowhere"))


def test_metrics_are_flat() -> None:
    assert notebook_metrics(PLAN, RUN) == {"forest.accuracy": 0.9, "forest.folds.0": 0.8, "forest.folds.1": 0.7}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"forest.accuracy": 0.9}, None),
        ({"forest.accuracy": 0.91}, "metrics.json has `forest.accuracy` 0.91, the notebook 0.9"),
        ({}, "metrics.json has no `forest.accuracy`"),
        (None, "metrics.json has no `forest.accuracy`"),
    ],
)
def test_metrics_file_holds_the_metrics_of_the_notebook(written: dict[str, float] | None, message: str | None) -> None:
    compared, differences = metric_differences(PLAN, RUN, written, frozenset())

    assert compared == 1
    assert [d.message for d in differences] == ([message] if message else [])


@pytest.mark.parametrize(
    ("value", "text", "same"),
    [
        (0.977777, "0.978", True),
        (0.977777, "0.977", False),
        (0.977777, "97.78", True),
        (0.977777, "0.977777", True),
        (12.5, "12.5", True),
        (0.5, "0.50", True),
        (1234.5, "1.2345e+03", True),
        (0.5, "n/a", False),
    ],
)
def test_printed_metrics_are_compared_to_the_digits_printed(value: float, text: str, same: bool) -> None:
    assert is_printed_as(value, text) == same


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (0.5, {"m": 0.5}),
        ([0.5, 0.25], {"m.0": 0.5, "m.1": 0.25}),
        ({"a": {"b": 1.0}, "c": "x"}, {"m.a.b": 1.0}),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), {"m.0.0": 1.0, "m.0.1": 2.0, "m.1.0": 3.0, "m.1.1": 4.0}),
        ([np.array([1.0]), np.array([2.0])], {"m.0.0": 1.0, "m.1.0": 2.0}),
        (pd.Series({"x": 1.5}), {"m.x": 1.5}),
    ],
)
def test_parts_of_a_metric_have_the_names_that_the_package_writes(
    tmp_path: Path, value: object, names: dict[str, float]
) -> None:
    (tmp_path / "0.json").write_text(json.dumps(summarise(value)))

    assert flat("m", Captured(key="k", value=ValueFacts(type="t"), detail="0.json"), tmp_path) == names


def test_parts_of_containers_are_compared_where_both_have_them() -> None:
    written = {"forest.accuracy": 0.9, "forest.folds.0": 0.8, "forest.folds.1": 0.6}

    compared, differences = metric_differences(PLAN, RUN, written, frozenset())

    assert compared == 3
    assert [d.key for d in differences] == ["metrics.json:forest.folds.1"]


@pytest.mark.parametrize(
    ("trained", "evaluated", "different"),
    [
        ({"forest.accuracy": 0.9}, {"forest.accuracy": 0.9}, False),
        ({"forest.accuracy": 0.9, "cv.0": 0.5}, {"forest.accuracy": 0.9}, False),
        ({"forest.accuracy": 0.9}, {"forest.accuracy": 0.8}, True),
        ({"forest.accuracy": 0.9, "cv.0": 0.5}, {"cv.0": 0.5}, True),
        ({"cv.0": 0.9}, {}, True),
        ({"cv.0": 0.9}, None, True),
    ],
)
def test_evaluation_repeats_what_it_computes(
    trained: dict[str, float], evaluated: dict[str, float] | None, different: bool
) -> None:
    plan = PLAN.model_copy(update={"evaluation": ("evaluate_forest",)})

    assert bool(evaluation_differences(plan, trained, evaluated)) == different
