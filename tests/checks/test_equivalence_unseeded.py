"""A training that no seed holds: judged by the notebook's own spread, and a worse package is found out."""

import re
from pathlib import Path

import pytest
from proofs import proof_of, spoilt_copy

from tools.checks.equivalence.check import check_equivalence
from tools.checks.request import CheckRequest

NOTEBOOK = Path(__file__).parents[1] / "cases" / "nasty" / "no_seed_holds.py"
pytestmark = [pytest.mark.whole_run, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> CheckRequest:
    return proof_of(NOTEBOOK, tmp_path_factory.mktemp("unseeded"), seconds=1500)


def test_the_package_is_equivalent_and_the_report_has_runs_margin_and_p(request_: CheckRequest) -> None:
    found = check_equivalence(request_).equivalence

    assert found is not None
    assert found.status != "different", found.differences
    told = f"{found.tolerance} {found.reason}"
    assert re.search(r"`accuracy`: ([6-9]|1[0-2]) runs each, difference of means \S+, margin 0\.\d+", told)
    assert "two one-sided Welch tests, p = " in told
    assert "the notebook itself does not repeat `model` under one seed" in found.reason
    assert {row.variable for row in found.values} >= {"X_train", "y_train"}, "what repeats is still compared exactly"


def test_a_package_that_is_really_worse_is_different(request_: CheckRequest, tmp_path: Path) -> None:
    worse = spoilt_copy(request_, tmp_path / "tree", "model.fit(X_train, y_train)", "model.fit(X_train, y_train[::-1])")

    outcome = check_equivalence(worse)

    found = outcome.equivalence
    assert found is not None
    assert found.status == "different"
    assert re.search(r"not equivalent: `accuracy`: \d+ runs each.*the means differ, p = ", found.differences[0].message)
    assert {d.step for d in outcome.result.diagnostics if d.severity == "error"} == {"extract"}
