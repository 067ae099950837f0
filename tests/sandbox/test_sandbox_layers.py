"""The weaker layers end a process tree as a whole; the strongest hides what is secret."""

import shutil
import sys
import time
from pathlib import Path

import pytest

from tools.sandbox import Limits, best_layer, layers, run

isolated = pytest.mark.skipif(best_layer() != "bubblewrap", reason="needs bubblewrap")
AWAY = (
    "import os, sys, time\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        while True:\n"
    "            open('beat', 'a').write('x'); time.sleep(0.05)\n"
    "    os._exit(0)\n"
    "os.wait(); time.sleep(0.4)\n"
)


@pytest.mark.parametrize("layer", ["bubblewrap", "namespaces", "limits"])
def test_a_child_that_left_its_parent_and_session_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    if layer == "bubblewrap" and best_layer() != layer:
        pytest.skip("needs bubblewrap")
    if layer == "namespaces" and not layers.unshare():
        pytest.skip("needs namespaces")
    monkeypatch.setattr("tools.sandbox.best_layer", lambda: layer)

    done = run([sys.executable, "-c", AWAY], cwd=tmp_path, limits=Limits(seconds=20))

    assert (done.code, done.layer) == (0, layer)
    time.sleep(0.2)
    size = (tmp_path / "beat").stat().st_size
    time.sleep(0.3)
    assert (tmp_path / "beat").stat().st_size == size > 0


def test_namespaces_have_loopback_only_where_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not layers.unshare():
        pytest.skip("needs namespaces")
    monkeypatch.setattr("tools.sandbox.best_layer", lambda: "namespaces")
    code = (
        "import socket\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
        "socket.create_connection(s.getsockname(), 2); print('up')"
    )

    up, down = (
        run([sys.executable, "-c", code], cwd=tmp_path, limits=Limits(seconds=20), loopback=wanted)
        for wanted in (True, False)
    )

    assert (up.stdout, down.stdout) == ("up\n", "")


def test_a_signal_has_a_negative_code_in_every_layer(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], cwd=tmp_path, limits=Limits(seconds=20))

    assert done.code == -9


@isolated
def test_hidden_files_of_the_home_are_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("/var/tmp").resolve() / f"home-{tmp_path.name}"
    data = home / "project"
    try:
        (home / ".ssh").mkdir(parents=True)
        (home / ".ssh" / "id").write_text("precious")
        (home / ".token").write_text("precious")
        (home / ".tools" / "python").mkdir(parents=True)
        (home / ".tools" / "python" / "shown").write_text("shown")
        data.mkdir()
        (data / ".env").write_text("precious")
        (data / "data.csv").write_text("data")
        monkeypatch.setenv("HOME", str(home))
        code = (
            "import pathlib, sys\n"
            "for path in sorted(pathlib.Path(sys.argv[1]).rglob('*')):\n"
            "    try: print(path.read_text() if path.is_file() else '')\n"
            "    except OSError: pass\n"
        )

        done = run(
            [sys.executable, "-c", code, str(home)],
            cwd=tmp_path,
            limits=Limits(seconds=20),
            readable=[data, home / ".tools" / "python"],
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)

    assert done.stdout.split() == ["shown", "data"]


def test_settings_of_numerical_libraries_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    code = "import os; print(os.environ['OMP_NUM_THREADS'], os.environ['OPENBLAS_CORETYPE'], os.environ['HOME'])"

    done = run([sys.executable, "-c", code], cwd=tmp_path, limits=Limits(seconds=20))

    assert done.stdout.startswith("1 Haswell ")
    assert "sandbox-home-" in done.stdout
