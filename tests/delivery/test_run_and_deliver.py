"""A run that delivers, and the command for a result that is there."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from generated import existing, generated, git, report, subjects
from scripted_line import agents, judge, run_input
from typer.testing import CliRunner

from agents.model import StepInput, StepOutput
from graph.cli import app
from graph.finishing import Finish, order_of
from graph.guarded import with_progress
from graph.nodes import Line
from graph.run import resume, start
from graph.state import RunState
from tools.checks.model import STEPS
from tools.errors import UserError


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return existing(tmp_path / "team")


def ended(folder: Path, wrong: bool = False) -> RunState:
    line = Line(agents({"test": lambda _: True} if wrong else {}, []), judge)
    return start(run_input(folder, {"budget.max_rounds": "1"}), lambda _: None, "one", line)


def finish(target: Path, junit: Path | None = None) -> Finish:
    return Finish(junit, order_of(target, "ml/p", "", "", False, False))


def test_a_run_delivers_its_steps_and_tells_programs(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = finish(target, tmp_path / "checks.xml")
    asked.check()

    code = with_progress(lambda _: ended(tmp_path), True, asked)

    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (code, found["verdict"]) == (0, "verified")
    assert found["delivered"]["branch"] == "ml/p"
    assert [line.split("(")[0] for line in subjects(target, "ml/p")] == [
        *("begin", "docs", "feat", "refactor", "test", "build", "docs")
    ]
    assert git(target, "rev-parse", "ml/p:p") == git(tmp_path / "out", "rev-parse", "HEAD^{tree}")
    assert '<testcase classname="ml-productionize" name="verdict"' in (tmp_path / "checks.xml").read_text()


def test_what_is_not_verified_stays_and_the_result_is_still_told(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = with_progress(lambda _: ended(tmp_path, wrong=True), True, finish(target))

    said = capsys.readouterr()
    assert json.loads(said.out)["verdict"] == "failed"
    assert "delivered" not in json.loads(said.out)
    assert "its verdict is `failed`" in said.err
    assert code in (1, 4)
    assert git(target, "branch", "--format=%(refname:short)") == "main\n"


def test_a_verified_result_that_could_not_be_delivered_does_not_end_as_success(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(_: object) -> RunState:
        state = ended(tmp_path)
        git(target, "branch", "ml/p")
        return state

    assert with_progress(work, False, finish(target)) == 2
    assert "has a branch 'ml/p' already" in capsys.readouterr().err


def test_a_run_that_waits_says_how_it_is_delivered_later(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(_: object) -> RunState:
        asked = run_input(tmp_path).model_copy(update={"approve": "plan"})
        return start(asked, lambda _: None, "one", Line(agents({}, []), judge))

    assert with_progress(work, True, finish(target)) == 6
    said = capsys.readouterr().err
    assert f"ml-productionize resume one --into {target} --branch ml/p" in said
    assert git(target, "branch", "--format=%(refname:short)") == "main\n"


def test_a_repository_that_cannot_take_it_is_told_before_the_run(tmp_path: Path, target: Path) -> None:
    git(target, "branch", "ml/p")

    with pytest.raises(UserError, match="has a branch 'ml/p' already"):
        finish(target).check()


def test_options_that_need_each_other() -> None:
    with pytest.raises(UserError, match="--into needs --branch"):
        order_of(Path(), "", "", "", False, False)
    with pytest.raises(UserError, match="need --into REPO"):
        order_of(None, "ml", "", "", False, False)
    assert order_of(None, "", "", "", False, False) is None


@pytest.mark.parametrize("verdict, code", [("verified", 0), ("unproven", 5), ("failed", 1)])
def test_the_command_ends_with_the_code_of_the_verdict(tmp_path: Path, target: Path, verdict: str, code: int) -> None:
    out = generated(tmp_path / "out", report(verdict, "" if verdict == "verified" else "why")).root
    call = ["deliver", str(out), "--into", str(target), "--branch", "ml/ants", "--json"]

    first = CliRunner().invoke(app, call)
    again = CliRunner().invoke(app, [*call[:-2], "ml/again", "--deliver-unverified", "--json"])

    assert (first.exit_code, again.exit_code) == (code, code)
    assert ("ml/ants" in git(target, "branch", "--format=%(refname:short)")) == (verdict == "verified")
    assert json.loads(again.stdout)["verdict"] == verdict
    assert len(json.loads(again.stdout)["commits"]) == len(STEPS) + 1


def test_a_run_that_was_cut_off_is_delivered_by_resume(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be delivered is told before the run goes on."""
    made = agents({}, [])

    def cut_off(_: StepInput) -> StepOutput:
        raise UserError("cut off")

    with pytest.raises(UserError, match="cut off"):
        start(run_input(tmp_path), lambda _: None, "one", Line({**made, "test": cut_off}, judge))
    monkeypatch.setattr("graph.run.resume", partial(resume, line=Line(made, judge)))
    junit = tmp_path / "checks.xml"
    call = ["resume", "one", "--json", "--into", str(target), "--branch", "ml/p", "--junit", str(junit)]

    refused = CliRunner().invoke(app, [*call[:-1], str(tmp_path)])
    assert (refused.exit_code, refused.stdout) == (2, "")
    done = CliRunner().invoke(app, call)

    found = json.loads(done.stdout)
    assert (done.exit_code, found["verdict"], found["delivered"]["branch"]) == (0, "verified", "ml/p")
    assert git(target, "rev-parse", "ml/p:p") == git(tmp_path / "out", "rev-parse", "HEAD^{tree}")
    assert junit.is_file()
