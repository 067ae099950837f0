from pathlib import Path

import pytest

from agents.reviewer import LAST, judged, reassigned, review
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult
from tools.checks.request import Check, CheckRequest, Outcome
from tools.environment import Interpreter, PackageEnvironment
from tools.errors import UserError
from tools.sandbox import Limits
from tools.team.model import ChecksConfig

PROVEN = EquivalenceResult(status="proven", compared=4, equal=4)
DIFFERENT = EquivalenceResult(status="different", compared=4, equal=3)
UNPROVEN = EquivalenceResult(status="unproven", reason="the data is missing")
PASSED = CheckResult(name="ruff", status="passed")
FAILED = CheckResult(name="mypy", status="failed", summary="2 errors")
SKIPPED = CheckResult(name="pytest", status="skipped", summary="no network")


def outcome(result: CheckResult, equivalence: EquivalenceResult | None = None) -> Check:
    return lambda request: Outcome(result=result, equivalence=equivalence)


@pytest.fixture
def request_(tmp_path: Path) -> CheckRequest:
    interpreter = Interpreter(path="/usr/bin/python3", version="3.11.0")
    return CheckRequest(tree=tmp_path, environment=PackageEnvironment(interpreter=interpreter), limits=Limits())


@pytest.mark.parametrize(
    ("results", "equivalence", "verdict"),
    [
        ((PASSED,), PROVEN, "verified"),
        ((PASSED, FAILED), PROVEN, "failed"),
        ((PASSED,), DIFFERENT, "failed"),
        ((PASSED,), UNPROVEN, "unproven"),
        ((PASSED,), None, "unproven"),
        ((PASSED, SKIPPED), PROVEN, "unproven"),
        ((PASSED, SKIPPED.model_copy(update={"name": LAST})), PROVEN, "verified"),
    ],
)
def test_a_run_that_proves_less_never_looks_like_one_that_proves_more(
    results: tuple[CheckResult, ...], equivalence: EquivalenceResult | None, verdict: str
) -> None:
    assert judged(results, equivalence)[0] == verdict


def test_the_reason_says_what_is_missing() -> None:
    assert judged((PASSED, FAILED), PROVEN)[1] == "mypy: 2 errors"
    assert judged((PASSED,), UNPROVEN)[1] == "the data is missing"
    assert judged((PASSED, SKIPPED), PROVEN)[1] == "pytest did not run: no network"


def test_results_come_in_the_order_of_the_registry(request_: CheckRequest) -> None:
    checks = {"pytest": outcome(SKIPPED), "ruff": outcome(PASSED), "equivalence": outcome(PASSED, PROVEN)}

    found = review(request_, checks)

    assert [result.name for result in found.results] == ["pytest", "ruff", "ruff"]
    assert found.equivalence == PROVEN
    assert found.verdict == "unproven"


def test_a_check_that_the_team_leaves_out_is_a_proof_less(request_: CheckRequest) -> None:
    checks = {"ruff": outcome(PASSED), "mypy": outcome(FAILED), "equivalence": outcome(PASSED, PROVEN)}

    found = review(request_.model_copy(update={"config": ChecksConfig(skip=("mypy",))}), checks)

    assert found.results[1].status == "skipped"
    assert found.verdict == "unproven"


def test_a_check_that_cannot_run_is_skipped_with_its_reason(request_: CheckRequest) -> None:
    def broken(request: CheckRequest) -> Outcome:
        raise UserError("there is no interpreter")

    found = review(request_, {"mypy": broken, "equivalence": outcome(PASSED, PROVEN)})

    assert found.results[0].status == "skipped"
    assert "there is no interpreter" in found.reason


def test_mutants_wait_for_the_other_checks(request_: CheckRequest) -> None:
    found = review(request_, {"mypy": outcome(FAILED), LAST: outcome(PASSED)})

    assert found.results[1].status == "skipped"


def test_findings_come_in_the_order_of_the_steps() -> None:
    late = Diagnostic(code="a", message="a", step="test")
    warning = Diagnostic(code="b", message="b", step="extract", severity="warning")
    early = Diagnostic(code="c", message="c", step="extract")

    assert reassigned([late, warning, early], None) == (early, warning, late)


@pytest.mark.parametrize(
    ("code", "equivalence", "step"),
    [
        ("KeyError", PROVEN, "test"),
        ("KeyError", DIFFERENT, "structure"),
        ("KeyError", None, "structure"),
        ("NameError", PROVEN, "structure"),
    ],
)
def test_where_the_package_is_proven_the_test_is_to_blame(
    code: str, equivalence: EquivalenceResult | None, step: str
) -> None:
    finding = Diagnostic(code=code, message="m", check="pytest", file="tests/test_data.py", step="structure")

    assert reassigned([finding], equivalence)[0].step == step


def test_a_test_that_fails_because_the_package_differs_is_not_given_up() -> None:
    failing = Diagnostic(code="pytest", message="m", check="pytest", file="tests/test_data.py", step="test")
    differs = Diagnostic(code="equivalence", message="`df` differs", check="equivalence", step="extract")
    broken = failing.model_copy(update={"code": "NameError", "step": "structure"})

    found = reassigned([failing, broken, differs], DIFFERENT)

    assert [(d.check, d.step) for d in found] == [
        ("equivalence", "extract"),
        ("pytest", "extract"),
        ("pytest", "structure"),
    ]
