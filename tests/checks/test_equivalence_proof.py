"""The whole proof on one small notebook: proven as it is, and different when the package is spoilt."""

from collections.abc import Callable
from pathlib import Path

import pytest
from proofs import proof_of, spoilt_copy

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.check import check_equivalence
from tools.checks.request import CheckRequest

CASE = Path(__file__).parents[1] / "cases" / "small_classifier"
pytestmark = pytest.mark.whole_run


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> CheckRequest:
    """A small notebook and the package made from it."""
    return proof_of(CASE / "experiment.ipynb", tmp_path_factory.mktemp("proof"))


@pytest.fixture
def spoilt(request_: CheckRequest, tmp_path: Path) -> Callable[[str, str], CheckRequest]:
    """Return a function that replaces text in a copy of the package's modules."""
    return lambda old, new: spoilt_copy(request_, tmp_path / "tree", old, new)


def test_the_package_of_the_notebook_is_proven(request_: CheckRequest) -> None:
    outcome = check_equivalence(request_)

    found = outcome.equivalence
    assert found is not None
    assert found.status == "proven", found.differences
    assert outcome.result.status == "passed"
    assert found.equal == found.compared > 10
    assert found.tolerance == "0"
    assert found.metrics_notebook == found.metrics_package
    assert {row.variable for row in found.values} >= {"df", "X_train", "X_test", "model"}


def test_the_first_value_that_differs_is_named_first(spoilt: Callable[[str, str], CheckRequest]) -> None:
    outcome = check_equivalence(
        spoilt('df["petal_length"] * df["petal_width"]', 'df["petal_length"] + df["petal_width"]')
    )

    found = outcome.equivalence
    assert found is not None
    assert found.status == "different"
    assert found.differences[0].variable == "df"
    assert "`petal_area`" in found.differences[0].message
    assert {d.step for d in outcome.result.diagnostics if d.severity == "error"} == {"extract"}


def test_a_package_that_does_not_run_is_no_proof(spoilt: Callable[[str, str], CheckRequest]) -> None:
    outcome = check_equivalence(spoilt('df["petal_length"] * df["petal_width"]', "missing_name"))

    assert outcome.equivalence is not None
    assert outcome.equivalence.status == "unproven"
    assert [d.code for d in outcome.result.diagnostics] == ["NameError"]
    assert outcome.result.diagnostics[0].file == "src/data/loader.py"
    assert outcome.result.diagnostics[0].step == "structure"


def test_a_notebook_that_does_not_run_leaves_the_package_unproven(request_: CheckRequest) -> None:
    facts = request_.facts
    assert isinstance(facts, NotebookFacts)
    stopped = facts.model_copy(update={"trace": facts.trace.model_copy(update={"status": "failed"})})

    outcome = check_equivalence(request_.model_copy(update={"facts": stopped}))

    assert outcome.result.status == "skipped"
    assert "the package trains" in outcome.result.summary
