import pytest

from graph.budget import Spent
from graph.routing import better, next_node, schedule, stop_reason
from graph.state import BestTree, RunState, StepRecord
from tools.checks.model import Diagnostic, Step
from tools.team.model import ArchitectConfig, Budget, TeamFiles


def state(**changes: object) -> RunState:
    base: dict[str, object] = {
        "pending": [],
        "steps": {},
        "diagnostics": [],
        "rounds": 1,
        "progress": True,
        "spent": Spent(),
        "team": team(Budget()),
        "verdict": None,
    }
    return {**base, **changes}  # type: ignore[return-value]


def team(budget: Budget) -> TeamFiles:
    return TeamFiles(config=ArchitectConfig(budget=budget))


def error(step: Step, code: str = "X1") -> Diagnostic:
    return Diagnostic(code=code, message="wrong", step=step)


@pytest.mark.parametrize(
    ("pending", "node"),
    [
        (["extract", "structure"], "extractor"),
        (["structure"], "writer"),
        (["harden"], "hardener"),
        (["test"], "tester"),
        (["pipeline-config"], "packager"),
        ([], "reviewer"),
    ],
)
def test_the_first_pending_step_decides_who_works_next(pending: list[Step], node: str) -> None:
    assert next_node(state(pending=pending)) == node


def test_a_verdict_ends_the_run_whatever_is_pending() -> None:
    assert next_node(state(pending=["test"], verdict="failed")) == "reporter"


@pytest.mark.parametrize(
    ("owners", "redone"),
    [
        ([], []),
        (["test"], ["test"]),
        (["pipeline-config"], ["pipeline-config"]),
        (["harden"], ["harden"]),
        (["structure"], ["structure", "harden"]),
        (["test", "harden"], ["harden", "test"]),
        (["extract"], ["extract", "structure", "harden", "test", "pipeline-config"]),
    ],
)
def test_exactly_the_owning_step_goes_back_with_what_depends_on_it(owners: list[Step], redone: list[Step]) -> None:
    assert schedule([error(step) for step in owners]) == redone


def test_warnings_send_nothing_back() -> None:
    assert schedule([Diagnostic(code="X", message="m", severity="warning", step="test")]) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spent": Spent(seconds={"writer": 11.0}), "team": team(Budget(max_seconds=10))}, "11 s of 10 s"),
        ({"rounds": 3, "team": team(Budget(max_rounds=3))}, "3 of 3 review rounds"),
        ({"spent": Spent(tokens={"writer": 5}), "team": team(Budget(max_tokens=5))}, "5 of 5 tokens"),
        ({"spent": Spent(usd={"writer": 0.5}), "team": team(Budget(max_usd=0.4))}, "$0.50 of $0.40"),
        (
            {"steps": {"test": StepRecord(attempts=2)}, "team": team(Budget(max_attempts=2))},
            "step test was tried 2 times",
        ),
        ({"progress": False}, "no further repair is known for step test"),
    ],
)
def test_the_loop_ends_with_a_reason(changes: dict[str, object], words: str) -> None:
    assert words in stop_reason(state(diagnostics=[error("test")], **changes))


def test_the_loop_goes_on_while_there_is_budget_and_progress() -> None:
    assert stop_reason(state(diagnostics=[error("test")])) == ""


def test_a_proven_tree_beats_one_with_fewer_errors() -> None:
    proven = BestTree(commit="a", errors=3, proven=True)
    clean = BestTree(commit="b", errors=0, proven=False)

    assert better(proven, clean)
    assert not better(clean, proven)
    assert better(clean, None)
    assert better(BestTree(commit="c", errors=2, proven=True), proven)
