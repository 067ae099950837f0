import sys
import time
from pathlib import Path

import pytest

from tools.errors import UserError
from tools.sandbox import Completed, Limits, best_layer, run

isolated = pytest.mark.skipif(best_layer() != "bubblewrap", reason="needs bubblewrap")


def python(code: str, folder: Path, seconds: float = 20, **limits: object) -> Completed:
    return run([sys.executable, "-c", code], cwd=folder, limits=Limits(seconds=seconds, **limits))


def test_a_program_runs_and_its_output_is_captured(tmp_path: Path) -> None:
    done = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)

    assert (done.code, done.stdout, done.stderr, done.timed_out) == (3, "out\n", "err\n", False)
    assert done.layer == best_layer()


def test_its_folder_can_be_written(tmp_path: Path) -> None:
    python("open('made.txt', 'w').write('1')", tmp_path)

    assert (tmp_path / "made.txt").read_text() == "1"


@isolated
def test_nothing_else_can_be_written(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    scratch = tmp_path / "scratch"
    mine.mkdir()
    scratch.mkdir()
    (mine / "data.csv").write_text("precious")
    root = Path(__file__).resolve().parent

    done = python(f"open({str(root / 'made.txt')!r}, 'w')", scratch)
    again = python(f"import pathlib; print(pathlib.Path({str(mine)!r}).exists())", scratch)

    assert "Read-only file system" in done.stderr or "No such file" in done.stderr  # hidden where it lies below /tmp
    assert again.stdout == "False\n"
    assert not (root / "made.txt").exists()


@isolated
def test_the_network_is_off_and_loopback_is_on(tmp_path: Path) -> None:
    done = python(
        "import socket\n"
        "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
        "socket.create_connection(s.getsockname()); print('loopback')\n"
        "try: socket.create_connection(('192.0.2.1', 80), 2)\n"
        "except OSError as e: print('no network')\n",
        tmp_path,
    )

    assert done.stdout == "loopback\nno network\n"


def test_secrets_of_the_environment_stay_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "precious")
    monkeypatch.setenv("DATABASE_URL", "precious")

    assert "precious" not in python("import os; print(os.environ)", tmp_path).stdout


def test_a_program_that_never_ends_is_ended_with_all_its_children(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'subprocess.Popen([sys.executable, \'-c\', \'import time\\nwhile True:\\n open("beat", "a").write("x")\\n'
        " time.sleep(0.05)'], start_new_session=True)\n"
        "time.sleep(60)\n"
    )
    began = time.monotonic()

    done = python(code, tmp_path, seconds=2)

    assert done.timed_out
    assert time.monotonic() - began < 12
    size = (tmp_path / "beat").stat().st_size
    time.sleep(0.5)
    assert (tmp_path / "beat").stat().st_size == size > 0


def test_endless_output_is_bounded(tmp_path: Path) -> None:
    done = python("while True: print('x' * 10000)", tmp_path, seconds=1.5)

    assert done.timed_out
    assert len(done.stdout) <= 1_000_000


def test_memory_and_file_size_are_bounded(tmp_path: Path) -> None:
    memory = python("x = bytearray(10**10)", tmp_path, memory_mb=1000)
    size = python("f = open('big', 'wb')\nfor _ in range(100): f.write(b'x' * 10**6)", tmp_path, file_mb=5)

    assert "MemoryError" in memory.stderr
    assert size.code != 0
    assert (tmp_path / "big").stat().st_size <= 5 * 1024 * 1024


def test_a_program_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        run([str(tmp_path / "python")], cwd=tmp_path, limits=Limits())


def test_strict_refuses_a_weaker_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.sandbox.best_layer", lambda: "limits")

    with pytest.raises(UserError, match="install bubblewrap"):
        run([sys.executable, "-c", ""], cwd=tmp_path, limits=Limits(strict=True))
