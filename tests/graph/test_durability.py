"""`kill -9` at every moment of a run, then resume: the same commits, and nothing finished is done again."""

import random
import time
from pathlib import Path

import pytest
from killed_runs import EXPECTED, holds, in_a_process, killed_at, outcome


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
