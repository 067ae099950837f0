"""The budget: what ends a run, what it is warned of, and what is spent by whom."""

import sys
import time
from pathlib import Path

import pytest

from agents.model import StepInput, StepOutput
from graph.budget import Spent, exhausted, nearly_exhausted
from graph.nodes import Line
from graph.run import start
from graph.state import RunInput, RunState
from graph.summary import exit_code, result_object
from tests.graph.test_loop import agents, judge
from tools.errors import ExitCode
from tools.sandbox import run
from tools.team.model import Budget

SPENT = Spent(seconds={"writer": 80.0}, tokens={"writer": 800}, usd={"writer": 0.85})


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"max_seconds": 80}, "80 s of 80 s are spent (budget.max_seconds)"),
        ({"max_rounds": 3}, "3 of 3 review rounds are spent (budget.max_rounds)"),
        ({"max_tokens": 700}, "800 of 700 tokens are spent (budget.max_tokens)"),
        ({"max_usd": 0.5}, "$0.85 of $0.50 are spent (budget.max_usd)"),
        ({"max_seconds": 0}, ""),
    ],
)
def test_each_limit_ends_the_run(budget: dict[str, float], said: str) -> None:
    assert exhausted(Budget.model_validate({"max_seconds": 0, **budget}), SPENT, 3) == said


@pytest.mark.parametrize(
    ("budget", "keys"),
    [
        ({"max_seconds": 100}, ["max_seconds"]),
        ({"max_rounds": 3}, ["max_rounds"]),
        ({"max_tokens": 1000, "max_usd": 1}, ["max_tokens", "max_usd"]),
        ({"max_tokens": 1001}, []),
    ],
)
def test_four_fifths_of_a_limit_are_a_warning_once(budget: dict[str, float], keys: list[str]) -> None:
    limits = Budget.model_validate({"max_seconds": 0, **budget})

    found = nearly_exhausted(limits, SPENT, 3)
    again = nearly_exhausted(limits, SPENT.model_copy(update={"warned": tuple(found)}), 3)

    assert list(found) == keys
    assert again == {}
    assert all(f"budget.{key}" in found[key] for key in keys)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "nb.py"
    path.parent.mkdir()
    (path.parent / ".git").mkdir()
    path.write_text("# %%\nx = 1\n")
    return path


def started(notebook: Path, work: object = None, **overrides: str) -> tuple[RunState, list[StepInput], list[str]]:
    """Run with a step `structure` that does some work first."""
    made = agents({}, [])
    inner, given, notes = made["structure"], [], []

    def structure(step: StepInput) -> StepOutput:
        given.append(step)
        output = inner(step)
        return output.model_copy(update=work(step) if work else {})  # type: ignore[operator]

    made["structure"] = structure
    state = start(
        RunInput(
            notebook=str(notebook),
            out=str(notebook.parent / "out"),
            overrides={key.replace("__", "."): value for key, value in overrides.items()},
        ),
        lambda event: notes.append(str(event["text"])),
        line=Line(made, judge),
    )
    return state, given, notes


def test_a_run_inside_a_step_is_ended_when_the_budget_of_time_is_spent(notebook: Path, tmp_path: Path) -> None:
    seen = []

    def sleep_twice(step: StepInput) -> dict[str, object]:
        began = time.monotonic()
        for _ in range(2):
            done = run([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path, limits=step.limits)
            seen.append(done)
        assert time.monotonic() - began < 30
        return {}

    state, _, _ = started(notebook, sleep_twice, budget__max_seconds="6")

    assert [done.timed_out for done in seen] == [True, True]
    assert seen[1].stderr == "stopped: the time that the run may take is spent (budget.max_seconds)\n"
    assert (state["verdict"], exit_code(state)) == ("failed", ExitCode.BUDGET)
    assert "budget.max_seconds" in state["reason"]


def test_what_models_cost_is_counted_and_ends_the_run(notebook: Path) -> None:
    state, given, notes = started(
        notebook, lambda step: {"tokens": 900, "usd": 0.25}, budget__max_tokens="900", budget__max_usd="1"
    )

    assert (given[0].tokens_left, given[0].usd_left) == (900, 1.0)
    assert state["reason"] == "the budget is spent: 900 of 900 tokens are spent (budget.max_tokens)"
    assert notes.count("warning: 900 of 900 tokens are spent (budget.max_tokens)") == 1
    by_step = result_object(state)["budget"]["by_step"]["writer"]
    assert (by_step["tokens"], by_step["usd"]) == (900, 0.25)
    assert by_step["seconds"] > 0


def test_one_run_has_its_own_limit(notebook: Path) -> None:
    _, given, _ = started(notebook, budget__run_seconds="7")

    assert given[0].limits.seconds == 7


def test_limits_reach_the_runs(notebook: Path) -> None:
    _, given, _ = started(
        notebook,
        limits__memory_mb="1000",
        limits__processes="30",
        limits__file_mb="5",
        limits__disk_mb="50",
        limits__sandbox="strict",
    )

    found = given[0].limits
    assert (found.memory_mb, found.processes, found.file_mb, found.disk_mb, found.strict) == (1000, 30, 5, 50, True)
