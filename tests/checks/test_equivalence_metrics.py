import pytest

from tools.checks.equivalence.metrics import metric_differences, notebook_metrics
from tools.checks.equivalence.printed import is_printed_as
from tools.plan.model import ExtractionPlan, FunctionPlan, Returned
from tools.trace.model import Capture, Captured, ValueFacts

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


def test_metrics_are_flat() -> None:
    assert notebook_metrics(PLAN, CAPTURE) == {"forest.accuracy": 0.9, "forest.folds.0": 0.8, "forest.folds.1": 0.7}


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
    compared, differences = metric_differences(PLAN, CAPTURE, written, frozenset())

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
