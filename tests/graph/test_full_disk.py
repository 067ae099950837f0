"""A disk that is really full, at every stage of a run: a sentence, and when there is space again the same commits."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import os, subprocess, sys
from pathlib import Path
sys.path[:0] = [{root!r}, {root!r} + "/tests", {root!r} + "/tests/graph"]
from killed_runs import line, Moments
from scripted_line import run_input
from graph.checkpoints import threads
from graph.run import resume, start
from tools.errors import UserError
from tools.workspace import Workspace

def on_disk(folder, kilobytes):
    disk = folder / str(kilobytes)
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={{kilobytes}}k", "tmpfs", str(disk)], check=True)
    os.environ["ML_PRODUCTIONIZE_HOME"] = str(disk / "state")
    log = folder / f"log-{{kilobytes}}"
    given = run_input(folder).model_copy(update={{"out": str(disk / "out")}})
    said = ""
    try:
        start(given, lambda _: None, "one", line(log, Moments(0)))
    except UserError as error:
        said = str(error)
    subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
    if said:
        work = line(log, Moments(0))
        resume("one", lambda _: None, work) if "one" in threads() else start(given, lambda _: None, "one", work)
    print(kilobytes, Workspace(disk / "out").head(), len(log.read_text().splitlines()), said or "-", flush=True)

for kilobytes in (50_000, *range(8, 440, 36)):
    on_disk(Path({folder!r}), kilobytes)
"""


def can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True).returncode == 0


@pytest.mark.durability
@pytest.mark.skipif(not can_mount(), reason="a small file system cannot be mounted here (that needs root)")
def test_a_disk_that_is_full_at_any_stage_is_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    code = RUN.format(root=str(ROOT), folder=str(tmp_path))

    done = subprocess.run(["unshare", "-m", sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    calm, *others = [line.split(" ", 3) for line in done.stdout.splitlines()]
    assert calm[2:] == ["6", "-"]
    said = [words for *_, words in others]
    assert sum(words != "-" for words in said) > 5
    assert {words for words in said if "full" not in words} <= {"-"}
    assert {head for _, head, *_ in others} == {calm[1]}
    assert all(int(steps) <= 7 for _, _, steps, _ in others)
