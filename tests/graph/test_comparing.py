"""A tree with proposals takes the place of the last accepted one only where nothing is lost."""

import pytest

from graph.comparing import count_tests, mendable, mutation_score, spoiled, spoken_against
from graph.improvement import Reviewed
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult, Step

PROVEN = EquivalenceResult(status="proven", compared=10, equal=10)
CHECKS = (
    CheckResult(name="pytest", status="passed"),
    CheckResult(name="mutation", status="passed", summary="8 of 10 mutants killed (12 in all)"),
)
OLD = Reviewed(
    plan_id="p", checks=CHECKS, equivalence=PROVEN, verdict="verified", tests={"tests/test_data.py": 4}, silenced=1
)


def killed(summary: str, status: str = "passed") -> tuple[CheckResult, ...]:
    return (CHECKS[0], CheckResult.model_validate({"name": "mutation", "status": status, "summary": summary}))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"tests": {"tests/test_data.py": 4, "tests/test_further.py": 1}, "silenced": 0}, ""),
        ({"checks": killed("9 of 10 mutants killed")}, ""),
        ({"verdict": "unproven", "reason": "no data"}, "the verdict would fall from verified to unproven: no data"),
        ({"equivalence": EquivalenceResult(status="unproven")}, "equivalence was proven and would be unproven"),
        ({"equivalence": None}, "equivalence was proven and would be not compared"),
        ({"equivalence": EquivalenceResult(status="proven", compared=9, equal=9)}, "only 9 would be"),
        (
            {"checks": (CheckResult(name="pytest", status="skipped"), CHECKS[1])},
            "check pytest passed and would be skipped",
        ),
        ({"checks": (CHECKS[1],)}, "check pytest passed and would be missing"),
        ({"checks": killed("7 of 10 mutants killed")}, "the mutation score was 0.80 and would fall to 0.70"),
        ({"checks": killed("no time", "skipped")}, "the mutation score was 0.80 and could not be measured"),
        ({"tests": {"tests/test_data.py": 3}}, "tests/test_data.py had 4 tests and would have 3"),
        ({"tests": {}}, "tests/test_data.py had 4 tests and would have 0"),
        ({"silenced": 2}, "1 more lines would silence"),
    ],
)
def test_every_loss_has_its_sentence(change: dict[str, object], why: str) -> None:
    said = spoiled(OLD.model_copy(update=change), OLD)

    assert why in said
    assert bool(why) == bool(said)


def test_an_unproven_floor_may_become_verified() -> None:
    assert spoiled(OLD, OLD.model_copy(update={"verdict": "unproven", "equivalence": None})) == ""


@pytest.mark.parametrize(
    ("check", "step", "can"),
    [
        ("mypy", "harden", True),
        ("ruff", "harden", True),
        ("pytest", "test", True),
        ("mypy", "structure", False),
        ("pytest", "structure", False),
        ("equivalence", "extract", False),
        ("code_rules", "harden", False),
    ],
)
def test_only_what_the_policies_repair_is_repaired_on_trial(check: str, step: Step, can: bool) -> None:
    assert mendable([Diagnostic(code="X", message="wrong", check=check, step=step)]) is can
    assert not mendable([Diagnostic(code="X", message="odd", check=check, step=step, severity="warning")])


def test_a_review_speaks_with_its_first_errors() -> None:
    found = [Diagnostic(code="E", message=f"is wrong {n}", check="mypy", file="src/a.py", line=n) for n in range(1, 6)]

    said = spoken_against(found)

    assert said.startswith("mypy: src/a.py:1: E: is wrong 1; ")
    assert said.endswith("; and 2 more errors")
    assert spoken_against([]) == ""


def test_tests_are_counted_by_file() -> None:
    tree = {"tests/test_a.py": "def test_x(): ...\ndef helper(): ...\n", "tests/conftest.py": "def test_y(): ...\n"}

    assert count_tests(tree) == {"tests/test_a.py": 1}
    assert mutation_score(()) is None
