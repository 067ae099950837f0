"""Runs that are killed, with `kill -9`, at a moment of choice.

A run is a process of its own, forked so that a kill costs no imports. It counts the moments at which something has
just been, or is just about to be, written (agents, files, commits, checkpoints), and kills itself at one of them.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripted_line import agents, judge, run_input

from agents.model import Agent, StepInput, StepOutput
from graph.checkpoints import ADDRESS, threads
from graph.nodes import Line
from graph.run import resume, start
from tools.checks.model import STEPS
from tools.environment import find_interpreter
from tools.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
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


def in_a_process(folder: Path, fatal: int, seconds: float = 0.0, database: str = "") -> int:
    """Start the run of a folder, or go on with it, in a forked process; return how that ended.

    Args:
        folder: Of the run.
        fatal: Moment of its death; 0 for none.
        seconds: After which it is killed from outside; 0 for never.
        database: Address of a PostgreSQL database for its checkpoints; empty for SQLite.

    Returns:
        The moments that it saw where it lived to the end; else minus the signal.
    """
    find_interpreter(None, None)  # known to the child then
    child = os.fork()
    if child == 0:
        try:
            os.environ |= {"ML_PRODUCTIONIZE_HOME": str(folder / "state"), ADDRESS: database}
            moments = Moments(fatal)
            Workspace.commit = moments.around(Workspace.commit)  # type: ignore[method-assign]
            Workspace.write = moments.half_written(Workspace.write)  # type: ignore[method-assign]
            saver = saver_class(database)
            saver.put = moments.around(saver.put)
            work = line(folder / "log", moments)
            if folder.name in threads():
                resume(folder.name, lambda _: None, work)
            else:
                start(run_input(folder), lambda _: None, folder.name, work)
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


def saver_class(database: str) -> Any:
    if database:
        from langgraph.checkpoint.postgres import PostgresSaver

        return PostgresSaver
    from langgraph.checkpoint.sqlite import SqliteSaver

    return SqliteSaver


def outcome(folder: Path) -> tuple[str, list[str]]:
    """Return the last commit (its id is that of the whole history, byte for byte) and the steps done, in order."""
    workspace = Workspace(folder / "out")
    assert workspace.log()[-1][1] == "report: verified"
    return workspace.head(), (folder / "log").read_text().splitlines()


def killed_at(folder: Path, moment: int, database: str = "") -> None:
    """Kill the run of a folder at a moment, and go on with it to its end."""
    folder.mkdir(exist_ok=True)
    assert in_a_process(folder, moment, database=database) == -signal.SIGKILL
    assert in_a_process(folder, 0, database=database) >= 0


def holds(folder: Path, head: str) -> None:
    """The history is the undisturbed one, and at most the step that was at work has been done twice."""
    found, done = outcome(folder)
    assert found == head
    once = [step for number, step in enumerate(done) if number == 0 or done[number - 1] != step]
    assert once == EXPECTED
    assert len(done) <= len(EXPECTED) + 1


def commanded(folder: Path, arguments: list[str], until: str = "", seconds: float = 0.0) -> int:
    """Call the command line in a folder, in a process of its own; return its exit code.

    Args:
        folder: Where; its runs are kept there too.
        arguments: Of the command.
        until: Kill it when a node of this name has told that it ended; empty for never.
        seconds: Kill it after so long; 0 for never.
    """
    environment = {**os.environ, "ML_PRODUCTIONIZE_HOME": str(folder / "state")}
    with (folder / "progress").open("w+") as progress:
        process = subprocess.Popen(
            [sys.executable, "-m", "graph.cli", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=progress,
            start_new_session=True,
        )
        began = time.monotonic()
        while process.poll() is None:
            told = (folder / "progress").read_text()
            late = seconds and time.monotonic() - began > seconds
            if late or (until and re.search(rf"^{until} .* s  ", told, re.MULTILINE)):
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(0.01)
    return process.wait()
