import random

import pytest

from tools.checks.equivalence.spread import MOST, equivalence_test, runs_within

NOTEBOOK = [0.90, 0.91, 0.92, 0.90, 0.91, 0.92]


@pytest.mark.parametrize(
    ("package", "verdict"),
    [
        (NOTEBOOK[::-1], "equivalent"),
        ([0.905, 0.91, 0.915, 0.91, 0.92, 0.90], "equivalent"),
        ([0.94, 0.95, 0.93, 0.94, 0.95, 0.94], "different"),
        ([0.5, 1.0, 0.7, 1.0, 0.8, 1.4], "undecided"),
    ],
)
def test_figures_within_the_notebooks_own_spread_are_equivalent(package: list[float], verdict: str) -> None:
    assert equivalence_test(NOTEBOOK, package).verdict == verdict


def test_twelve_runs_are_enough_to_find_the_same_the_same_and_worse_different() -> None:
    draw = random.Random(5)

    def sample(mean: float) -> list[float]:
        return [draw.gauss(mean, 0.02) for _ in range(MOST)]

    same = [equivalence_test(sample(0.9), sample(0.9)).verdict for _ in range(300)]
    worse = [equivalence_test(sample(0.9), sample(0.8)).verdict for _ in range(300)]

    assert same.count("equivalent") > 270
    assert same.count("different") <= 9
    assert worse.count("different") == 300


@pytest.mark.parametrize(("seconds", "runs"), [(0.5, 12), (20.0, 12), (40.0, 7), (60.0, 0)])
def test_the_number_of_runs_is_fixed_beforehand_by_what_the_limits_allow(seconds: float, runs: int) -> None:
    assert runs_within(600, seconds) == runs


def test_a_notebook_without_spread_allows_none() -> None:
    assert equivalence_test([0.5, 0.5], [0.5, 0.5]).p == 0.0
    assert equivalence_test([0.5, 0.5], [0.6, 0.6]).p == 1.0


def test_the_report_says_how_many_runs_which_margin_and_which_p() -> None:
    sentence = equivalence_test(NOTEBOOK, NOTEBOOK).sentence("accuracy")

    assert sentence.startswith("`accuracy`: 6 runs each, difference of means 0, margin 0.0179")
    assert "two one-sided Welch tests, p = " in sentence
