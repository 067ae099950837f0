"""Going back in a run, and what is said where its state cannot be used."""

import errno
import os
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest
from scripted_line import agents, judge, run_input

from agents.model import StepInput, StepOutput
from graph.checkpoints import threads
from graph.history import redone_from, rollback, with_overrides
from graph.listing import listed_runs
from graph.nodes import Line
from graph.record import state_folder
from graph.run import open_run, resume, start
from tools.checks.model import STEPS
from tools.errors import ExitCode, UserError


def messages(out: Path) -> list[str]:
    log = subprocess.run(["git", "log", "--reverse", "--format=%s"], cwd=out, capture_output=True, text=True)
    return log.stdout.splitlines()


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def line(calls: list[str]) -> Line:
    return Line(agents({}, calls), judge)


@pytest.fixture
def out(tmp_path: Path, line: Line, calls: list[str]) -> Path:
    """The repository of a run that has ended."""
    state = start(run_input(tmp_path), lambda _: None, "one", line)
    calls.clear()
    return Path(state["out"])


def test_rollback_brings_a_steps_tree_back_and_keeps_the_log(out: Path) -> None:
    before = messages(out)

    sentence = rollback("structure")

    assert sorted(p.name for p in out.iterdir() if p.name != ".git") == ["extract.txt", "structure.txt"]
    assert messages(out) == [*before, "rollback: to step structure"]
    assert "Nothing is proven of this tree" in sentence
    assert "harden, test, pipeline-config and the review are ahead again" in sentence


def test_after_a_rollback_the_run_goes_on_from_there(out: Path, line: Line, calls: list[str]) -> None:
    rollback("structure")
    assert [(run.status, run.ahead) for run in listed_runs()] == [("interrupted", "harden")]

    state = resume("one", lambda _: None, line)

    assert calls == ["harden", "test", "pipeline-config"]
    assert (state["verdict"], state["steps"]["harden"].attempts) == ("verified", 1)


@pytest.mark.parametrize("step", STEPS)
def test_redo_from_a_step_on(out: Path, line: Line, calls: list[str], step: str) -> None:
    files = {path.name: path.read_text() for path in out.glob("*.txt")}

    state = resume("one", lambda _: None, line, redone_from(step))  # type: ignore[arg-type]

    assert calls == list(STEPS[STEPS.index(step) :])  # type: ignore[arg-type]
    assert (state["verdict"], state["rounds"]) == ("verified", 1)
    assert {path.name: path.read_text() for path in out.glob("*.txt")} == files


def test_a_step_that_was_not_done_cannot_be_gone_back_to(tmp_path: Path, calls: list[str]) -> None:
    made = agents({}, calls)

    def broken(given: StepInput) -> StepOutput:
        raise UserError("no")

    made["harden"] = broken
    with pytest.raises(UserError, match="no"):
        start(run_input(tmp_path), lambda _: None, "one", Line(made, judge))

    with pytest.raises(UserError, match="step test has not been done in run one"):
        rollback("test")


def test_a_spent_budget_can_be_raised(tmp_path: Path, calls: list[str]) -> None:
    line = Line(agents({"test": lambda given: given.attempt < 3}, calls), judge)
    ended = start(run_input(tmp_path, {"budget.max_rounds": "2"}), lambda _: None, "one", line)
    assert (ended["verdict"], ended["budget_ended"]) == ("failed", True)

    state = resume("one", lambda _: None, line, redone_from("test", {"budget.max_rounds": "3"}))

    assert state["verdict"] == "verified"


def test_runs_are_listed_with_verdict_and_time(out: Path) -> None:
    (run,) = listed_runs()

    assert (run.thread_id, run.status, run.verdict, run.out) == ("one", "ended", "verified", str(out))
    assert run.seconds >= 0
    assert run.at[:2] == "20"


def test_an_id_is_not_given_twice(out: Path, tmp_path: Path, line: Line) -> None:
    with pytest.raises(UserError, match="there is a run 'one' already: `ml-productionize resume one` goes on"):
        start(run_input(tmp_path), lambda _: None, "one", line)


def test_the_second_run_on_one_folder_is_told(tmp_path: Path, calls: list[str]) -> None:
    """Also where its state folder is another one."""
    inside, go_on = threading.Event(), threading.Event()
    made = agents({}, calls)
    honest = made["extract"]

    def slow(given: StepInput) -> StepOutput:
        inside.set()
        go_on.wait(30)
        return honest(given)

    made["extract"] = slow
    first = threading.Thread(target=lambda: start(run_input(tmp_path), lambda _: None, "first", Line(made, judge)))
    first.start()
    assert inside.wait(30)
    try:
        with pytest.raises(UserError, match=r"run first is writing into .*out: wait for it to end"):
            start(run_input(tmp_path), lambda _: None, "second", Line(agents({}, []), judge))
        with pytest.raises(UserError, match="run first is at work in another process"):
            resume("first", lambda _: None, Line(agents({}, []), judge))
    finally:
        go_on.set()
        first.join()
    assert messages(tmp_path / "out")[-1] == "report: verified"


def test_a_wrong_notebook_leaves_no_folder_behind(tmp_path: Path, line: Line) -> None:
    given = run_input(tmp_path).model_copy(update={"notebook": str(tmp_path / "nowhere.ipynb")})

    with pytest.raises(UserError, match="does not exist"):
        start(given, lambda _: None, "one", line)

    assert not (tmp_path / "out").exists()
    assert [run.status for run in listed_runs()] == ["not begun"]


def test_a_full_disk_is_a_sentence_and_the_run_goes_on_later(tmp_path: Path, calls: list[str]) -> None:
    made = agents({}, calls)
    honest, full = made["harden"], [True]

    def writes(given: StepInput) -> StepOutput:
        if full.pop() if full else False:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "harden.txt")
        return honest(given)

    made["harden"] = writes
    line = Line(made, judge)
    with pytest.raises(UserError, match=r"the disk is full \(writing harden\.txt\): free some space, then") as error:
        start(run_input(tmp_path), lambda _: None, "one", line)

    assert error.value.code is ExitCode.INTERRUPTED
    assert resume("one", lambda _: None, line)["verdict"] == "verified"
    assert calls == list(STEPS)


def test_damaged_checkpoints_are_named_and_nothing_is_removed(out: Path, line: Line) -> None:
    path = state_folder() / "checkpoints.sqlite"
    path.write_bytes(b"this is no database" * 100)

    for work in (threads, lambda: resume("one", lambda _: None, line), listed_runs):
        with pytest.raises(UserError, match=r"cannot be read .* move the file away and start the run anew"):
            work()

    assert path.read_bytes().startswith(b"this is no")
    assert (out / "extract.txt").is_file()


def test_a_damaged_checkpoint_of_one_run_leaves_the_others_alone(out: Path, tmp_path: Path, line: Line) -> None:
    start(run_input(tmp_path / "other"), lambda _: None, "two", line)
    with sqlite3.connect(state_folder() / "checkpoints.sqlite") as connection:
        connection.execute("UPDATE checkpoints SET checkpoint = x'c1ff00' WHERE thread_id = 'one'")
    connection.close()

    with pytest.raises(UserError, match="the checkpoint of run one cannot be read"):
        resume("one", lambda _: None, line)
    assert {run.thread_id: run.status for run in listed_runs()} == {"one": "unreadable", "two": "ended"}


def test_the_state_of_an_older_version_is_refused_with_a_sentence(out: Path, line: Line) -> None:
    with open_run("one", line) as (graph, config):
        graph.update_state(config, {"version": 1}, as_node="extractor")

    with pytest.raises(UserError, match=r"made by another version of this program .* keep all their commits"):
        resume("one", lambda _: None, line)


def test_configuration_can_be_changed_when_a_run_goes_on(out: Path, line: Line) -> None:
    state = resume("one", lambda _: None, line, with_overrides({"budget.max_rounds": "7"}))

    assert state["team"].config.budget.max_rounds == 7
    with pytest.raises(UserError, match="command line"):
        resume("one", lambda _: None, line, with_overrides({"budget.max_round": "7"}))
