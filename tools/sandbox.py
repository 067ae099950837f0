"""The one door to running foreign code: the notebook, the generated package, its tests, mutants."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.frozen import Frozen


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

    Network is off, `cwd` and `writable` can be written, everything else is read-only or absent, the environment is
    scrubbed of secrets, the process tree is killed as a whole at the end.

    Args:
        argv: The command.
        cwd: Its working directory, writable: a scratch copy, never the user's folder.
        limits: Bounds.
        writable: Further folders that it may write.
        readable: Further folders that it must see (an interpreter under a home directory).
        env: Variables added to the scrubbed environment.
        loopback: Bring the loopback interface up.

    Returns:
        How it ended. A non-zero exit code is no exception.

    Raises:
        UserError: If `limits.strict` asks for more than this machine has, or the program does not exist.
    """
    raise NotImplementedError
