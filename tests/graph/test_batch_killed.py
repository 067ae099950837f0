"""A batch whose supervisor, or a worker of whose cluster, is killed: nothing is lost, nothing is done twice."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.batch import run_batch
from graph.batch_engines import here, on_cluster
from graph.batch_table import Row
from tools.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
SLOW = """
import json, os, pathlib, sys, time
notebook = pathlib.Path(sys.argv[1])
with notebook.with_suffix(".begun").open("a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(float(notebook.read_text()))
with notebook.with_suffix(".ended").open("a") as file:
    file.write("x")
print(json.dumps({"verdict": "verified"}))
"""
SUPERVISOR = """
import pathlib, sys
sys.path[:0] = [{root!r}, {tests!r}]
from graph.batch import run_batch
from graph.batch_engines import here
from test_batch_killed import arguments
folder = pathlib.Path({folder!r})
run_batch(sorted(folder.glob("*.ipynb")), folder / "out", here(2), arguments(folder), lambda *_: None)
"""
needs_cluster = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra `cluster` (Dask distributed) is not installed"
)


def arguments(folder: Path) -> Callable[[Row], list[str]]:
    script = folder / "slow.py"
    return lambda row: [str(script), row.notebook]


def notebooks(folder: Path, *seconds: float) -> list[Path]:
    (folder / "slow.py").write_text(SLOW)
    found = [folder / f"n{number:02}.ipynb" for number in range(len(seconds))]
    for path, wanted in zip(found, seconds, strict=True):
        path.write_text(str(wanted))
    return found


def begun(path: Path) -> list[int]:
    mark = path.with_suffix(".begun")
    return [int(pid) for pid in mark.read_text().split()] if mark.exists() else []


def ends(path: Path) -> int:
    mark = path.with_suffix(".ended")
    return len(mark.read_text()) if mark.exists() else 0


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_batch_that_is_cut_off_takes_its_processes_along_and_goes_on_later(tmp_path: Path, number: int) -> None:
    made = notebooks(tmp_path, 0, 60, 60, 0)
    code = SUPERVISOR.format(root=str(ROOT), tests=str(Path(__file__).parent), folder=str(tmp_path))
    supervisor = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    until(lambda: ends(made[0]) == 1 and all(begun(path) for path in made[1:3]))

    supervisor.send_signal(number)
    assert supervisor.wait(timeout=20) != 0
    until(lambda: not any(alive(pid) for path in made for pid in begun(path)), 10)

    for path in made[1:3]:
        path.write_text("0")  # a changed notebook is new work as well
    rows = run_batch(made, tmp_path / "out", here(2), arguments(tmp_path), lambda *_: None)
    assert [row.verdict for row in rows] == ["verified"] * 4
    assert [ends(path) for path in made] == [1] * 4
    assert [len(begun(path)) for path in made] == [1, 2, 2, 1]


def program(*given: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *given], cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and three workers of one thread, each a process of its own, on loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    scheduler = program("distributed.cli.dask_scheduler", "--host", address, "--no-dashboard", "--no-show")
    plain = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
    workers = [program("distributed.cli.dask_worker", address, *plain) for _ in range(3)]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@needs_cluster
def test_a_worker_killed_under_load_loses_nothing_and_nothing_is_done_twice(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    import distributed

    address, workers = cluster
    with distributed.Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
    made = notebooks(tmp_path, *[0.2] * 6, *[1.5] * 6, *[0.2] * 6)
    killed: list[int] = []

    def listener(row: Row, done: int, of: int) -> None:
        if done == 3:
            at_work = [pid for path in made for pid in begun(path)[-1:] if not ends(path)]
            parents = {int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in at_work}
            victim = next(worker for worker in workers if worker.pid in parents)
            victim.kill()
            killed.append(victim.wait())

    rows = run_batch(made, tmp_path / "out", on_cluster(address), arguments(tmp_path), listener)

    assert killed == [-signal.SIGKILL]
    assert [(row.verdict, row.status) for row in rows] == [("verified", "done")] * 18
    assert [ends(path) for path in made] == [1] * 18
    assert sum(len(begun(path)) for path in made) == 19, "the one that was at work there was begun again"

    run_batch(made, tmp_path / "out", on_cluster(address), arguments(tmp_path), lambda *_: None)
    (tmp_path / "out/batch.sqlite").unlink()
    again = run_batch(made, tmp_path / "out", on_cluster(address), arguments(tmp_path), lambda *_: None)
    assert [row.verdict for row in again] == ["verified"] * 18
    assert [ends(path) for path in made] == [1] * 18


@needs_cluster
def test_a_scheduler_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    made = notebooks(tmp_path, 0)

    for address in ("tcp://127.0.0.1:1", "nonsense"):
        engine = on_cluster(address, seconds=1)
        with pytest.raises(UserError, match="no Dask scheduler answers at"):
            run_batch(made, tmp_path / "out", engine, arguments(tmp_path), lambda *_: None)
