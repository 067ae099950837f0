"""A control group bounds the tasks of a tree where the kernel's own limit does not: for root."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.sandbox.pids_group import join, pids_group, refused

FORKS = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
made = 0
for _ in range(200):
    try:
        if os.fork() == 0:
            signal.pause()
    except OSError:
        break
    made += 1
print(made, flush=True)
"""


@pytest.fixture
def group() -> Path:
    with pids_group(10) as made:
        if made is None:
            pytest.skip("the pids controller cannot be written here: the limit of the user holds instead")
        yield made


def test_a_tree_forks_no_further_than_its_group_allows(group):
    command = [sys.executable, "-c", FORKS]
    process = subprocess.Popen(command, preexec_fn=lambda: join(group), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert 10 <= int(process.stdout.readline()) < 200
    assert refused(group)


def test_a_fork_that_fits_is_not_refused(group):
    assert subprocess.run([sys.executable, "-c", "print(1)"], preexec_fn=lambda: join(group)).returncode == 0
    assert not refused(group)


def test_what_is_left_is_ended_and_the_group_is_gone():
    with pids_group(10) as made:
        if made is None:
            pytest.skip("the pids controller cannot be written here: the limit of the user holds instead")
        process = subprocess.Popen(["sleep", "60"], preexec_fn=lambda: join(made))
    assert process.wait(timeout=5) != 0
    assert not made.exists()


def test_no_limit_needs_no_group():
    with pids_group(0) as made:
        assert made is None
