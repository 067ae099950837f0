"""The loop with agents and checks that cost nothing: who is sent back, how runs end, what is kept."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scripted_line import Fault, agents, judge

from agents.extractor import extract
from agents.model import StepInput, StepOutput
from agents.reviewer import Review
from graph.checkpoints import threads
from graph.nodes import Line
from graph.run import resume, start
from graph.state import RunInput, RunState
from tools.checks.model import STEPS, CheckResult, Diagnostic, Step
from tools.checks.request import CheckRequest
from tools.errors import ExitCode, UserError
from tools.team.model import Budget

MESSY = """# %%
import random
import pandas as pd
from sklearn.linear_model import LogisticRegression
# %%
df = pd.read_csv("rows.csv")
seen = []
# %%
def note(x):
    return x * 2
# %%
seen.append(1)
df.shape
# %%
seen.append(random.random())
# %%
seen.append(note(3))
# %%
df = df.dropna()
model = LogisticRegression().fit(df[["a"]], df["y"])
# %%
accuracy = note(model.score(df[["a"]], df["y"]))
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "nb.py"
    path.parent.mkdir()
    path.write_text("# %%\nx = 1\n")
    return path


def run(
    notebook: Path, faults: dict[Step, Fault], **overrides: str
) -> tuple[RunState, list[str], list[dict[str, Any]]]:
    calls: list[str] = []
    events: list[dict[str, Any]] = []
    given = RunInput(
        notebook=str(notebook),
        out=str(notebook.parent.parent / "out"),
        overrides={k.replace("__", "."): v for k, v in overrides.items()},
    )
    state = start(given, events.append, line=Line(agents(faults, calls), judge))
    return state, calls, events


def first_time(given: StepInput) -> bool:
    return given.attempt == 1


def always(given: StepInput) -> bool:
    return True


def test_without_faults_each_step_runs_once(notebook: Path) -> None:
    state, calls, _ = run(notebook, {})

    assert calls == list(STEPS)
    assert (state["verdict"], state["rounds"]) == ("verified", 1)


@pytest.mark.parametrize(
    ("step", "redone"),
    [
        ("extract", list(STEPS)),
        ("structure", ["structure", "harden"]),
        ("harden", ["harden"]),
        ("test", ["test"]),
        ("pipeline-config", ["pipeline-config"]),
    ],
)
def test_a_fault_sends_exactly_its_step_back(notebook: Path, step: Step, redone: list[str]) -> None:
    state, calls, events = run(notebook, {step: first_time})

    assert calls == [*STEPS, *redone]
    assert state["verdict"] == "verified"
    assert state["steps"][step].attempts == 2
    assert state["steps"][step].sent_back == ("W",)
    assert any(e["text"] == f"sends {step} back: W" for e in events)


def test_the_step_is_told_what_is_wrong(notebook: Path) -> None:
    told: list[tuple[str, ...]] = []

    def fault(given: StepInput) -> bool:
        told.append(tuple(d.message for d in given.diagnostics))
        return given.attempt < 3

    run(notebook, {"test": fault})

    assert told == [(), ("test is wrong",), ("test is wrong",)]


def test_a_fault_that_nothing_mends_ends_failed_with_the_reason_of_the_budget(notebook: Path) -> None:
    state, _, _ = run(notebook, {"harden": always}, budget__max_attempts="3")

    assert state["verdict"] == "failed"
    assert state["budget_ended"]
    assert "step harden was tried 3 times (budget.max_attempts)" in state["reason"]


def test_rounds_are_bounded(notebook: Path) -> None:
    state, _, _ = run(notebook, {"harden": always}, budget__max_rounds="2")

    assert (state["verdict"], state["rounds"]) == ("failed", 2)
    assert "2 of 2 review rounds" in state["reason"]


def test_a_step_that_changes_nothing_ends_the_run_at_once(notebook: Path) -> None:
    calls: list[str] = []
    made = agents({}, calls)
    made["test"] = lambda given: StepOutput(files={"test.txt": "wrong\n"})

    state = start(
        RunInput(notebook=str(notebook), out=str(notebook.parent / "o")), lambda _: None, line=Line(made, judge)
    )

    assert (state["verdict"], state["rounds"]) == ("failed", 2)
    assert state["reason"] == "no further repair is known for step test: W: test is wrong"
    assert not state["budget_ended"]


def test_the_best_tree_is_kept(notebook: Path) -> None:
    """The second attempt breaks more than it mends: the first tree comes back."""

    def worse(given: StepInput) -> bool:
        return given.attempt > 1

    state, _, _ = run(
        notebook, {"harden": always, "structure": lambda g: g.attempt == 1, "test": worse}, budget__max_rounds="3"
    )

    assert state["verdict"] == "failed"
    assert (Path(state["out"]) / "structure.txt").read_text().startswith("right")


def test_one_commit_for_each_accepted_step(notebook: Path) -> None:
    import subprocess

    state, _, _ = run(notebook, {"test": first_time})

    log = subprocess.run(["git", "log", "--reverse", "--format=%s"], cwd=state["out"], capture_output=True, text=True)
    names = [line.split(":")[0] for line in log.stdout.splitlines()]
    assert names == ["extract", "structure", "harden", "test", "pipeline-config", "test", "report"]


def test_the_notebook_changed_during_the_run_stops_it(notebook: Path) -> None:
    calls: list[str] = []
    made = agents({}, calls)
    honest = made["test"]

    def tampering(given: StepInput) -> StepOutput:
        given.notebook.write_text("# %%\nx = 2\n")
        return honest(given)

    made["test"] = tampering
    with pytest.raises(UserError, match="was changed during the run") as error:
        start(RunInput(notebook=str(notebook), out=str(notebook.parent / "o")), lambda _: None, line=Line(made, judge))

    assert error.value.code is ExitCode.GUARDRAIL


def test_an_interrupted_run_goes_on_where_it_stopped(notebook: Path) -> None:
    calls: list[str] = []
    made = agents({}, calls)
    honest = made["test"]
    broken = [True]

    def interrupted(given: StepInput) -> StepOutput:
        if broken.pop() if broken else False:
            raise KeyboardInterrupt
        return honest(given)

    made["test"] = interrupted
    line = Line(made, judge)
    out = str(notebook.parent / "o")
    with pytest.raises(KeyboardInterrupt):
        start(RunInput(notebook=str(notebook), out=out), lambda _: None, "thread", line)

    state = resume("", lambda _: None, line)

    assert state["verdict"] == "verified"
    assert calls == list(STEPS)
    assert threads() == ["thread"]


def test_resuming_a_finished_run_does_nothing_twice(notebook: Path) -> None:
    calls: list[str] = []
    line = Line(agents({}, calls), judge)
    start(RunInput(notebook=str(notebook), out=str(notebook.parent / "o")), lambda _: None, "thread", line)

    assert resume("thread", lambda _: None, line)["verdict"] == "verified"
    assert calls == list(STEPS)


def test_an_unknown_run_is_named(notebook: Path) -> None:
    with pytest.raises(UserError, match="there is no run 'nowhere'"):
        resume("nowhere", lambda _: None)


def test_the_state_is_small(notebook: Path) -> None:
    """No tree, no notebook and no facts travel in the state."""
    state, _, _ = run(notebook, {"test": first_time})

    assert len(repr(state)) < 20_000


def test_a_teams_code_rule_sends_its_step_back(notebook: Path) -> None:
    (notebook.parent / ".architect.yaml").write_text(
        "guardrails:\n  code_rules:\n    - {pattern: wrong, message: must be right, files: '*.txt'}\n"
    )

    state, _, _ = run(notebook, {"test": first_time})

    rules = next(check for check in state["checks"] if check.name == "code_rules")
    assert (rules.status, rules.summary) == ("passed", "1 rules of the team: 0 broken, 0 warnings")
    assert "code-rule-1" in {code for step in state["steps"].values() for code in step.sent_back}
    assert state["verdict"] == "verified"


def test_a_protected_file_is_never_written(notebook: Path) -> None:
    (notebook.parent / ".architect.yaml").write_text("guardrails: {protected_files: ['harden.txt']}\n")

    with pytest.raises(UserError, match=r"harden\.txt is protected by `harden\.txt`") as error:
        run(notebook, {})

    assert error.value.code is ExitCode.GUARDRAIL
    assert not (notebook.parent.parent / "out" / "harden.txt").exists()


def test_the_last_resort_is_reached_within_the_default_budget(notebook: Path) -> None:
    """Each round shows another difference, and the hardener has to mend a line after each: no luxury of rounds."""
    notebook.write_text(MESSY)
    seen: list[tuple[str, ...]] = []

    def extract_only_reads(given: StepInput) -> StepOutput:
        return extract(given.model_copy(update={"execute": False}))

    def never_equal(request: CheckRequest) -> Review:
        assert request.facts is not None
        assert request.plan is not None
        seen.append(request.plan.order)
        statement = request.facts.order[len(seen) + 3]
        found = Diagnostic(code="equivalence", message="differs", step="extract", check="judge", statement=statement)
        result = CheckResult(name="judge", status="failed", diagnostics=(found,))
        return Review(results=(result,), diagnostics=(found,), verdict="failed")

    state = start(
        RunInput(notebook=str(notebook), out=str(notebook.parent / "o")),
        lambda _: None,
        line=Line({**agents({}, []), "extract": extract_only_reads}, never_equal),
    )

    assert all(set(before) <= set(after) for before, after in pairwise(seen)), "widening only ever adds statements"
    assert {"keep", "keep-all", "save-inputs", "one-function"} <= {c.kind for c in state["constraints"]}
    assert not state["budget_ended"]
    assert len(seen) <= Budget().max_rounds // 2 + 2
