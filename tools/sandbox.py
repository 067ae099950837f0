"""The one door to running foreign code: the notebook, the generated package, its tests, mutants."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from tools.errors import UserError
from tools.frozen import Frozen

MAX_OUTPUT = 1_000_000
_PASSED = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "LD_LIBRARY_PATH", "PYENV_ROOT")
_FIXED = {
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUNBUFFERED": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GIT_TERMINAL_PROMPT": "0",
    "TQDM_DISABLE": "1",
}
_HIDDEN = (".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".config/gcloud", ".config/gh", ".claude")
_HIDDEN_FILES = (".netrc", ".pypirc", ".npmrc", ".git-credentials", ".env", ".kaggle/kaggle.json")


class Limits(Frozen):
    """Bounds of one run of foreign code.

    Attributes:
        seconds: Wall time; the whole process tree is killed at its end.
        memory_mb: Address space of each process, in MiB; 0 for none.
        processes: Number of processes; 0 for none.
        file_mb: Size of one written file, in MiB; 0 for none.
        strict: Refuse to run under a weaker layer than full isolation.
    """

    seconds: float = 600.0
    memory_mb: int = 0
    processes: int = 512
    file_mb: int = 4096
    strict: bool = False


class Completed(Frozen):
    """The end of one run.

    Attributes:
        code: Exit code; negative for a signal.
        stdout: Captured text, cut at 1 MB.
        stderr: Captured text, cut at 1 MB.
        seconds: Wall time.
        timed_out: The time limit ended it.
        layer: Sandbox layer that held it: `bubblewrap`, `namespaces`, `limits`.
    """

    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False
    layer: str = ""


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    limits: Limits,
    writable: Sequence[Path] = (),
    readable: Sequence[Path] = (),
    env: Mapping[str, str] | None = None,
    loopback: bool = False,
) -> Completed:
    """Run a command in the best sandbox there is.

    Network is off (loopback alone is up), `cwd` and `writable` can be written, everything else is read-only or absent,
    the environment is scrubbed of secrets, the process tree is killed as a whole at the end.

    Args:
        argv: The command.
        cwd: Its working directory, writable: a scratch copy, never the user's folder.
        limits: Bounds.
        writable: Further folders that it may write.
        readable: Further folders that it must see (an interpreter under a home directory).
        env: Variables added to the scrubbed environment.
        loopback: The command needs the loopback interface; a weak layer leaves the network as it is.

    Returns:
        How it ended. A non-zero exit code is no exception.

    Raises:
        UserError: If `limits.strict` asks for more than this machine has, or the program does not exist.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise UserError(f"{argv[0]} does not exist or cannot be run: name another interpreter with --python")
    layer = best_layer()
    if limits.strict and layer != "bubblewrap":
        raise UserError(f"the sandbox here is only `{layer}`: install bubblewrap, or leave --sandbox=strict out")
    with tempfile.TemporaryDirectory(prefix="sandbox-home-") as home:
        environment = _environment(home, env or {})
        command = [program, *argv[1:]]
        if layer == "bubblewrap":
            places = (cwd.resolve(), *(p.resolve() for p in writable), Path(home))
            command = [*_bubblewrap(places, readable), "--chdir", str(cwd.resolve()), "--", *command]
        elif layer == "namespaces":
            command = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--", *command]
        return _watched(command, cwd, environment, limits, layer)


@cache
def best_layer() -> str:
    """Return the strongest sandbox layer that works here: `bubblewrap`, `namespaces` or `limits`."""
    if shutil.which("bwrap") and _works([*_bubblewrap((), ()), "--", "true"]):
        return "bubblewrap"
    if shutil.which("unshare") and _works(["unshare", "--net", "--pid", "--fork", "--kill-child", "--", "true"]):
        return "namespaces"
    return "limits"


def _works(argv: Sequence[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _bubblewrap(writable: Sequence[Path], readable: Sequence[Path]) -> list[str]:
    arguments = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/"]
    arguments += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/dev/shm", "--tmpfs", "/run"]
    for name in _HIDDEN:
        if (Path.home() / name).is_dir():
            arguments += ["--tmpfs", str(Path.home() / name)]
    for name in _HIDDEN_FILES:
        if (Path.home() / name).is_file():
            arguments += ["--ro-bind", os.devnull, str(Path.home() / name)]
    shown = [Path(sys.prefix), Path(sys.base_prefix), *readable]
    for path in shown:
        if path.exists() and path.resolve().is_relative_to("/tmp"):
            arguments += ["--ro-bind", str(path), str(path)]
    for path in writable:
        arguments += ["--bind", str(path), str(path)]
    return arguments


def _environment(home: str, added: Mapping[str, str]) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    places = {"HOME": home, "TMPDIR": home, "XDG_CACHE_HOME": f"{home}/.cache", "MPLCONFIGDIR": f"{home}/.mpl"}
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": "C.UTF-8", **passed, **_FIXED, **places, **added}


def _watched(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], limits: Limits, layer: str
) -> Completed:
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: _set_limits(limits),
    )
    readers = [_Reader(process.stdout), _Reader(process.stderr)]
    timed_out = False
    try:
        process.wait(timeout=limits.seconds if limits.seconds > 0 else None)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        _kill_tree(process.pid)
        process.wait()
    out, err = (reader.text() for reader in readers)
    return Completed(
        code=process.returncode,
        stdout=out,
        stderr=err,
        seconds=time.monotonic() - began,
        timed_out=timed_out,
        layer=layer,
    )


def _set_limits(limits: Limits) -> None:
    megabyte = 1024 * 1024
    wanted = (
        (resource.RLIMIT_AS, limits.memory_mb * megabyte),
        (resource.RLIMIT_FSIZE, limits.file_mb * megabyte),
        (resource.RLIMIT_NPROC, limits.processes if os.getuid() else 0),
    )
    for which, value in wanted:
        if value:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _kill_tree(pid: int) -> None:
    """Kill a process, its group, and every descendant that left the group."""
    for child in (*_descendants(pid), pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError, ValueError):
            for child in map(int, task.read_text().split()):
                yield from _descendants(child)
                yield child


class _Reader:
    """Reads a pipe to its end in a thread, and keeps its beginning and its end, bounded."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._pipe = pipe
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while self._pipe and (chunk := self._pipe.read1(65536)):  # type: ignore[attr-defined]
            room = MAX_OUTPUT // 2 - len(self._head)
            self._head += chunk[: max(0, room)]
            self._tail += chunk[max(0, room) :]
            del self._tail[: -MAX_OUTPUT // 2]

    def text(self) -> str:
        """Return what was read; a pipe that a stray process holds open is not waited for."""
        self._thread.join(timeout=5)
        return (bytes(self._head) + bytes(self._tail)).decode("utf-8", errors="replace")
