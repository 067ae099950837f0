"""`kill -9` at every moment of a run, then resume: the same commits, and nothing finished is done again.

A run is a process of its own, forked so that a kill costs no imports. It counts the moments at which something has
just been, or is just about to be, written (agents, files, commits, checkpoints), and kills itself at one of them.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_line import agents, judge, run_input

from agents.model import Agent, StepInput, StepOutput
from graph.nodes import Line
from graph.run import resume, start
from tools.checks.model import STEPS
from tools.workspace import Workspace

EXPECTED = [*STEPS, "test"]
"""The first tests are wrong and are sent back."""


class Moments:
    """Counts moments, and kills this process at one of them.

    Args:
        fatal: Which one; 0 for none.
    """

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self()
            done = work(*given, **named)
            self()
            return done

        return watched

    def half_written(self, write: Callable[..., None]) -> Callable[..., None]:
        def watched(workspace: Workspace, files: dict[str, str]) -> None:
            write(workspace, {path: text[: len(text) // 2] for path, text in files.items()})
            self()
            write(workspace, files)

        return watched


def line(log: Path, moments: Moments) -> Line:
    """The scripted line, which notes each step that it has done."""
    made = agents({"test": lambda given: given.attempt == 1}, [])

    def noted(agent: Agent) -> Agent:
        def work(given: StepInput) -> StepOutput:
            moments()
            output = agent(given)
            with log.open("a") as file:
                file.write(f"{given.step}\n")
            moments()
            return output

        return work

    return Line({step: noted(agent) for step, agent in made.items()}, moments.around(judge))


def in_a_process(folder: Path, fatal: int, seconds: float = 0.0) -> int:
    """Start the run of a folder, or go on with it, in a forked process; return how that ended.

    Args:
        folder: Of the run.
        fatal: Moment of its death; 0 for none.
        seconds: After which it is killed from outside; 0 for never.

    Returns:
        The moments that it saw where it lived to the end; else minus the signal.
    """
    from langgraph.checkpoint.sqlite import SqliteSaver

    child = os.fork()
    if child == 0:
        try:
            os.environ["ML_PRODUCTIONIZE_HOME"] = str(folder / "state")
            moments = Moments(fatal)
            Workspace.commit = moments.around(Workspace.commit)  # type: ignore[method-assign]
            Workspace.write = moments.half_written(Workspace.write)  # type: ignore[method-assign]
            SqliteSaver.put = moments.around(SqliteSaver.put)  # type: ignore[method-assign]
            known = (folder / "state" / "checkpoints.sqlite").is_file()
            work = line(folder / "log", moments)
            try:
                resume("one", lambda _: None, work) if known else None
            except Exception as error:
                known = "there is no run" not in str(error)
                if known:
                    raise
            if not known:
                start(run_input(folder), lambda _: None, "one", work)
            (folder / "moments").write_text(str(moments.count))
            os._exit(0)
        except BaseException as error:
            (folder / "error").write_text(repr(error))
            os._exit(1)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code != 1, (folder / "error").read_text()
    return int((folder / "moments").read_text()) if code == 0 else code


def outcome(folder: Path) -> tuple[str, list[str]]:
    """Return the last commit (its id is that of the whole history, byte for byte) and the steps done, in order."""
    workspace = Workspace(folder / "out")
    assert workspace.log()[-1][1] == "report: verified"
    return workspace.head(), (folder / "log").read_text().splitlines()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int, float]:
    """The last commit of a run that nothing happened to, its moments, and its seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    moments = in_a_process(folder, 0)
    head, done = outcome(folder)
    assert done == EXPECTED
    return head, moments, time.monotonic() - began


def killed_at(folder: Path, moment: int) -> None:
    assert in_a_process(folder, moment) == -signal.SIGKILL
    assert in_a_process(folder, 0) >= 0


def holds(folder: Path, head: str) -> None:
    """The history is the undisturbed one, and at most the step that was at work has been done twice."""
    found, done = outcome(folder)
    assert found == head
    once = [step for number, step in enumerate(done) if number == 0 or done[number - 1] != step]
    assert once == EXPECTED
    assert len(done) <= len(EXPECTED) + 1


@pytest.mark.parametrize("share", [0.15, 0.5, 0.9])
def test_killed_and_resumed_it_gives_the_same(
    undisturbed: tuple[str, int, float], tmp_path: Path, share: float
) -> None:
    head, moments, _ = undisturbed
    killed_at(tmp_path, round(moments * share))
    holds(tmp_path, head)


@pytest.mark.durability
def test_killed_at_every_moment_of_every_node(undisturbed: tuple[str, int, float], tmp_path: Path) -> None:
    head, moments, _ = undisturbed
    assert moments > 50
    for moment in range(1, moments + 1):
        folder = tmp_path / str(moment)
        killed_at(folder, moment)
        holds(folder, head)


@pytest.mark.durability
def test_killed_at_random_moments(undisturbed: tuple[str, int, float], tmp_path: Path) -> None:
    head, _, seconds = undisturbed
    generator = random.Random(0)
    for number in range(20):
        folder = tmp_path / str(number)
        in_a_process(folder, 0, generator.uniform(0.01, seconds))
        in_a_process(folder, 0)
        holds(folder, head)


@pytest.mark.durability
def test_killed_again_and_again_one_run_comes_to_its_end(undisturbed: tuple[str, int, float], tmp_path: Path) -> None:
    head, moments, _ = undisturbed
    kills = 0
    for fatal in (5, 6, 7, 8, 9, 10, *[11] * moments):
        if in_a_process(tmp_path, fatal) >= 0:
            break
        kills += 1
    assert kills > 5
    assert outcome(tmp_path)[0] == head
