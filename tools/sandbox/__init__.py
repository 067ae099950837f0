"""The one door to running foreign code: the notebook, the generated package, its tests, mutants."""

import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field

from tools.errors import UserError
from tools.frozen import Frozen
from tools.sandbox import layers, processes
from tools.secrets import scrubbed

MARK = "SANDBOX_RUN"
_PASSED = ("LANG", "TZ", "LD_LIBRARY_PATH", "PYENV_ROOT")
_PASSED_FAMILIES = ("LC_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "VECLIB_")
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

best_layer = layers.best_layer
ISOLATED = layers.ISOLATED


class Limits(Frozen):
    """Bounds of one run of foreign code.

    Attributes:
        seconds: Wall time; the whole process tree is killed at its end.
        memory_mb: Address space of each process, in MiB; 0 for none. All processes together never take more than nine
            tenths of the machine's memory.
        processes: Number of processes; 0 for none.
        file_mb: Size of one written file, in MiB; 0 for none.
        disk_mb: What is written in all, in MiB; 0 for none.
        strict: Refuse to run under a weaker layer than full isolation.
        hidden: Absolute paths of files and folders that the run finds empty.
        until: Moment of the monotonic clock at which every run has ended; 0 for none.
        until_reason: What sets that moment, for the sentence.
        secrets: Values of environment variables that the run gets, and that are masked in all it says.
    """

    seconds: float = 600.0
    memory_mb: int = 0
    processes: int = 512
    file_mb: int = 4096
    disk_mb: int = 20_480
    strict: bool = False
    hidden: tuple[str, ...] = ()
    until: float = 0.0
    until_reason: str = "budget.max_seconds"
    secrets: tuple[tuple[str, str], ...] = Field(default=(), repr=False, exclude=True)


class Completed(Frozen):
    """The end of one run.

    Attributes:
        code: Exit code; negative for a signal.
        stdout: Captured text, cut at 1 MB.
        stderr: Captured text, cut at 1 MB.
        seconds: Wall time.
        timed_out: The time limit ended it.
        layer: Sandbox layer that held it: `bubblewrap`, `namespaces`, `limits`.
        stopped: Which other limit ended it, in words; it is the last line of `stderr` too.
    """

    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False
    layer: str = ""
    stopped: str = ""


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
        loopback: The command needs the loopback interface; the weakest layer leaves the network as it is.

    Returns:
        How it ended. A non-zero exit code is no exception.

    Raises:
        UserError: If `limits.strict` asks for more than this machine has, or the program does not exist.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise UserError(f"{argv[0]} does not exist or cannot be run: name another interpreter with --python")
    layer = best_layer()
    if limits.strict and layer not in layers.ISOLATED:
        raise UserError(f"the sandbox here is only `{layer}`: install bubblewrap, or leave --sandbox=strict out")
    left = limits.until - time.monotonic() if limits.until else limits.seconds
    spent = f"the time that the run may take is spent ({limits.until_reason})"
    if left <= 0:
        return Completed(code=-9, stdout="", stderr=f"stopped: {spent}\n", seconds=0.0, timed_out=True, stopped=spent)
    seconds = min(left, limits.seconds) if limits.seconds > 0 else left
    with tempfile.TemporaryDirectory(prefix="sandbox-home-") as home:
        mark = uuid.uuid4().hex
        command = [program, *argv[1:]]
        places = (cwd.resolve(), *(p.resolve() for p in writable), Path(home))
        shown = (Path(sys.prefix), Path(sys.base_prefix), _prefix(Path(program)), *readable)
        hidden = tuple(map(Path, limits.hidden))
        if layer == "bubblewrap":
            command = [*layers.bubblewrap(places, shown, hidden), "--chdir", str(cwd.resolve()), "--", *command]
        elif layer == "namespaces":
            plan = Path(home, ".view.json")
            view = layers.namespaces(places, shown, hidden, cwd.resolve(), plan, loopback=loopback)
            command = [*view, *command]
        ended = processes.watched(
            command,
            cwd,
            {**_environment(home, {**dict(limits.secrets), **(env or {})}), MARK: mark},
            processes.Bounds(seconds, limits.memory_mb, limits.processes, limits.file_mb, limits.disk_mb),
            f"{MARK}={mark}",
            places,
        )
    code = ended.code
    values = [value for _, value in limits.secrets]
    stopped = ended.stopped or (spent if ended.timed_out and seconds < limits.seconds else "")
    if layer != "limits" and 128 < code <= 128 + 64:
        code = 128 - code
    return Completed(
        code=code,
        stdout=scrubbed(ended.stdout, values),
        stderr=scrubbed(ended.stderr, values) + (f"\nstopped: {stopped}\n" if stopped else ""),
        seconds=ended.seconds,
        timed_out=ended.timed_out,
        layer=layer,
        stopped=stopped,
    )


def _prefix(program: Path) -> Path:
    """Return the folder that a program and its libraries lie in: of `…/bin/python3`, what holds `bin`."""
    real = program.resolve()
    return real.parent.parent if real.parent.name == "bin" else real.parent


def _environment(home: str, added: Mapping[str, str]) -> dict[str, str]:
    passed = {n: v for n, v in os.environ.items() if n in _PASSED or n.startswith(_PASSED_FAMILIES)}
    places = {"HOME": home, "TMPDIR": home, "XDG_CACHE_HOME": f"{home}/.cache", "MPLCONFIGDIR": f"{home}/.mpl"}
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": "C.UTF-8", **passed, **_FIXED, **places, **added}
