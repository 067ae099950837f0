import pytest

from tools.checks.equivalence.spread import LEVEL, equivalence_test

NOTEBOOK = [0.90, 0.91, 0.92, 0.90, 0.91, 0.92]


@pytest.mark.parametrize(
    ("package", "equivalent"),
    [
        (NOTEBOOK[::-1], True),
        ([0.905, 0.91, 0.915, 0.91, 0.92, 0.90], True),
        ([0.94, 0.95, 0.93, 0.94, 0.95, 0.94], False),
        ([0.5, 1.0, 0.7, 1.0, 0.8, 1.4], False),
    ],
)
def test_figures_within_the_notebooks_own_spread_are_equivalent(package: list[float], equivalent: bool) -> None:
    assert (equivalence_test(NOTEBOOK, package).p < LEVEL) == equivalent


def test_a_notebook_without_spread_allows_none() -> None:
    assert equivalence_test([0.5, 0.5], [0.5, 0.5]).p == 0.0
    assert equivalence_test([0.5, 0.5], [0.6, 0.6]).p == 1.0


def test_the_report_says_how_many_runs_which_margin_and_which_p() -> None:
    sentence = equivalence_test(NOTEBOOK, NOTEBOOK).sentence("accuracy")

    assert sentence.startswith("`accuracy`: 6 runs each, difference of means 0, margin 0.0179")
    assert "two one-sided Welch tests, p = " in sentence
