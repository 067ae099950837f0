"""Three environments, never mixed: the tool's, the notebook's, the package's."""

from pathlib import Path

from tools.frozen import Frozen
from tools.notebook.model import Notebook


class Interpreter(Frozen):
    """A Python that foreign code runs in.

    Attributes:
        path: Absolute path of the executable.
        version: Such as `3.11.7`.
        packages: Version by distribution name (normalised: lower case, `-`).
        origin: Why this one: `--python`, `the notebook's kernel NAME`, `the tool's own`.
        python_path: Folders put behind its own `site-packages` (the package's layer); empty for the notebook's.
    """

    path: str
    version: str
    packages: dict[str, str] = {}
    origin: str = ""
    python_path: tuple[str, ...] = ()


class PackageEnvironment(Frozen):
    """Where the generated package runs: the notebook's packages unchanged, what the generated code needs added.

    Attributes:
        interpreter: With the layer in `python_path`.
        missing: Distributions that could not be added, with the reason: checks that need them are skipped, and say so.
    """

    interpreter: Interpreter
    missing: dict[str, str] = {}


def find_interpreter(python: str | None, notebook: Notebook | None) -> Interpreter:
    """Choose the notebook's interpreter: the one named, else its kernel's, else the tool's own.

    Raises:
        UserError: If the named one is no Python 3.9 or later that starts.
    """
    raise NotImplementedError


def package_environment(interpreter: Interpreter, cache: Path | None = None) -> PackageEnvironment:
    """Layer what generated code needs (mlflow, structlog, omegaconf, pytest, …) over an interpreter, once, cached.

    The user's environment is never installed into.
    """
    raise NotImplementedError
