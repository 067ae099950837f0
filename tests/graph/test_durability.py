"""`kill -9` at every moment of a run, then resume: the same commits, and nothing finished is done again."""

import random
import signal
import time
from pathlib import Path

import pytest
from killed_runs import EXPECTED, commanded, holds, in_a_process, killed_at, outcome

from tools.errors import ExitCode
from tools.workspace import Workspace

PARTS = 4
"""In which the moments are tried, so that several workers share them."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int, float]:
    """The last commit of a run that nothing happened to, its moments, and its seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    moments = in_a_process(folder, 0)
    head, done = outcome(folder)
    assert done == EXPECTED
    return head, moments, time.monotonic() - began


@pytest.mark.parametrize("share", [0.15, 0.5, 0.9])
def test_killed_and_resumed_it_gives_the_same(
    undisturbed: tuple[str, int, float], tmp_path: Path, share: float
) -> None:
    head, moments, _ = undisturbed
    killed_at(tmp_path, round(moments * share))
    holds(tmp_path, head)


@pytest.mark.durability
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_moment_of_every_node(undisturbed: tuple[str, int, float], tmp_path: Path, part: int) -> None:
    head, moments, _ = undisturbed
    assert moments > 50
    for moment in range(1 + part, moments + 1, PARTS):
        folder = tmp_path / str(moment)
        killed_at(folder, moment)
        holds(folder, head)


@pytest.mark.durability
def test_killed_at_random_moments(undisturbed: tuple[str, int, float], tmp_path: Path) -> None:
    head, _, seconds = undisturbed
    generator = random.Random(0)
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
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


CELLS = """# %%
import pandas as pd
from sklearn.linear_model import Ridge
# %%
df = pd.DataFrame({"a": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.5]})
# %%
model = Ridge(alpha=0.5)
model.fit(df[["a"]], df["y"])
print(model.score(df[["a"]], df["y"]))
"""
NODES = ("extractor", "writer", "hardener", "tester", "packager", "reviewer")


def called(folder: Path) -> list[str]:
    """Return the command that runs a notebook through the line as it is, with the quick checks only."""
    folder.mkdir()
    (folder / "nb.py").write_text(CELLS)
    skipped = "checks.skip=[mypy, pytest, pipeline, equivalence, mutation]"
    return ["run", str(folder / "nb.py"), "--out", str(folder / "out"), "--no-execute", "--set", skipped]


@pytest.mark.durability
def test_the_command_line_killed_after_each_node(tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    unproven = commanded(calm, called(calm))
    assert unproven == ExitCode.UNPROVEN

    codes = [commanded(killed, called(killed), NODES[0])]
    codes += [commanded(killed, ["resume"], node) for node in NODES[1:]]

    assert codes == [-signal.SIGKILL] * len(NODES)
    assert commanded(killed, ["resume"]) == unproven
    assert Workspace(killed / "out").log() == Workspace(calm / "out").log()


@pytest.mark.durability
def test_the_command_line_killed_at_random_moments(tmp_path: Path) -> None:
    """Also while it starts: what was not begun is begun anew."""
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    began = time.monotonic()
    unproven = commanded(calm, called(calm))
    longest, arguments, generator = time.monotonic() - began, called(killed), random.Random(1)
    for _ in range(12):
        code = commanded(killed, arguments, seconds=generator.uniform(0.2, 0.7) * longest)
        if code == unproven:
            break
        assert code == -signal.SIGKILL
        if list((killed / "state" / "runs").glob("*")):
            arguments = ["resume"]

    assert commanded(killed, ["resume"]) == unproven
    assert Workspace(killed / "out").log() == Workspace(calm / "out").log()
