"""Three environments, never mixed: the tool's, the notebook's, the package's."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.caches import cache_folder, digest_of, held
from tools.errors import UserError
from tools.frozen import Frozen
from tools.notebook.model import Notebook

NEEDS = (
    "mlflow",
    "structlog",
    "omegaconf",
    "pytest",
    "joblib",
    "cloudpickle",
    "pandas-stubs",
    "types-pyyaml",
)
"""What generated code and its tests need beside the notebook's own packages."""
_AT_LEAST = {
    "mlflow": "mlflow>=3",
    "omegaconf": "omegaconf>=2.4",
    "pytest": "pytest>=8",
    "structlog": "structlog>=24",
}

_ASK = """
import importlib.metadata, json, sys
packages, modules = {}, {}
for found in importlib.metadata.distributions():
    name = found.metadata["Name"]
    if not name:
        continue
    packages.setdefault(name, found.version)
    for path in (found.read_text("RECORD") or "").splitlines():
        top, slash, rest = path.split(",")[0].partition("/")
        if slash and rest.endswith((".py", ".so")) and top.isidentifier():
            modules.setdefault(top, name)
        elif not slash and top.endswith(".py"):
            modules.setdefault(top[:-3], name)
found = {"version": list(sys.version_info[:3]), "packages": packages, "modules": modules, "path": sys.path}
print(json.dumps(found))
"""


class Interpreter(Frozen):
    """A Python that foreign code runs in.

    Attributes:
        path: Absolute path of the executable.
        version: Such as `3.11.7`.
        packages: Version by distribution name (normalised: lower case, `-`).
        modules: Distribution (normalised) by the top-level module that it provides.
        origin: Why this one: `--python`, `the notebook's kernel NAME`, `the tool's own`.
        python_path: Folders of packages beside its own (the notebook's, then the layer's); empty for the notebook's.
    """

    path: str
    version: str
    packages: dict[str, str] = {}
    modules: dict[str, str] = {}
    origin: str = ""
    python_path: tuple[str, ...] = ()

    def folders(self) -> list[Path]:
        """Return the folders that a sandboxed run of it must see."""
        return [Path(self.path).parents[1], *map(Path, self.python_path)]


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

    Args:
        python: An executable, or the folder of a virtual environment.
        notebook: Whose kernel is looked for; a kernel that is not installed here is passed over.

    Raises:
        UserError: If the named one is no Python 3.9 or later that starts.
    """
    if python:
        path = Path(python).expanduser()
        if path.is_dir():
            path = path / "bin" / "python"
        return _asked(str(path.absolute()), "--python")
    kernel = _kernel_python(notebook.kernel) if notebook and notebook.kernel else ""
    if kernel and Path(kernel).absolute() != Path(sys.executable).absolute():
        return _asked(kernel, f"the notebook's kernel {notebook.kernel if notebook else ''}")
    return _asked(sys.executable, "the tool's own")


def package_environment(interpreter: Interpreter, cache: Path | None = None) -> PackageEnvironment:
    """Layer what generated code needs (mlflow, structlog, omegaconf, pytest, …) over an interpreter, once, cached.

    The layer is a small virtual environment of the same Python that sees the notebook's packages first, unchanged, and
    behind them only distributions that the notebook's environment lacks. Nothing is installed into the user's own.

    Args:
        interpreter: The notebook's.
        cache: Folder of the layers; by default below the user's cache folder.
    """
    missing = [name for name in NEEDS if name not in interpreter.packages]
    if not missing:
        return PackageEnvironment(interpreter=interpreter)
    layer = (cache or cache_folder("layers")) / digest_of([interpreter.path, interpreter.packages, missing])
    with held(layer):
        problem = "" if (layer / "complete").is_file() else _make_layer(interpreter, missing, layer)
        if problem:
            shutil.rmtree(layer, ignore_errors=True)
            return PackageEnvironment(interpreter=interpreter, missing=dict.fromkeys(missing, problem))
    layered = _asked(str(layer / "bin" / "python"), interpreter.origin)
    folders = (*_site_packages(_facts_of(interpreter.path, interpreter.origin)), str(layer / "layer"))
    return PackageEnvironment(interpreter=layered.model_copy(update={"python_path": folders}))


def normalised(name: str) -> str:
    """Return a distribution's name in its normal form: `Foo.Bar_baz` is `foo-bar-baz`."""
    return re.sub(r"[-_.]+", "-", name).lower()


class _Found(Frozen):
    """What a Python says of itself."""

    version: tuple[int, int, int]
    packages: dict[str, str]
    modules: dict[str, str]
    path: tuple[str, ...]


_KNOWN: dict[tuple[str, frozenset[tuple[str, str]]], tuple[tuple[int, ...], _Found]] = {}
"""What the Pythons asked so far said, with the stamp of their folders then, by path and variables."""


def _asked(path: str, origin: str) -> Interpreter:
    found = _facts_of(path, origin)
    if found.version < (3, 9, 0):
        raise UserError(
            f"{path} is Python {found.version[0]}.{found.version[1]}: name Python 3.9 or later with --python"
        )
    packages = {normalised(name): value for name, value in sorted(found.packages.items())}
    modules = {module: normalised(name) for module, name in sorted(found.modules.items())}
    version = ".".join(map(str, found.version))
    return Interpreter(path=path, version=version, packages=packages, modules=modules, origin=origin)


def _facts_of(path: str, origin: str) -> _Found:
    """Ask a Python what it is; one that was asked before, and whose folders have not changed since, is not asked again.

    Raises:
        UserError: If it does not start.
    """
    environment = _plain_environment()
    key = (path, frozenset(environment.items()))
    known = _KNOWN.get(key)
    if known and known[0] == _stamp(path, known[1]):
        return known[1]
    try:
        done = subprocess.run(
            [path, "-c", _ASK], capture_output=True, text=True, timeout=120, check=False, env=environment
        )
        found = _Found.model_validate_json(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UserError(f"{path} ({origin}) is no Python that starts: name another one with --python") from error
    _KNOWN[key] = (_stamp(path, found), found)
    return found


def _stamp(path: str, found: _Found) -> tuple[int, ...]:
    """Return when the executable and the folders that it imports from were last changed; 0 for what is not there."""
    places = [Path(place) for place in (path, *found.path) if place]
    return tuple(place.stat().st_mtime_ns if place.exists() else 0 for place in places)


def _kernel_python(name: str) -> str:
    """Return the executable of an installed kernel; empty where there is none of that name."""
    folders = [Path(p) for p in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if p]
    folders += [Path.home() / ".local/share/jupyter", Path(sys.prefix) / "share/jupyter"]
    folders += [Path("/usr/local/share/jupyter"), Path("/usr/share/jupyter")]
    for folder in folders:
        spec = folder / "kernels" / name / "kernel.json"
        try:
            command = json.loads(spec.read_text())["argv"][0]
        except (OSError, ValueError, KeyError, IndexError):
            continue
        found = shutil.which(command)
        if found:
            return found if Path(command).is_absolute() else sys.executable
    return ""


def _make_layer(interpreter: Interpreter, missing: list[str], layer: Path) -> str:
    """Make the layer; returns why it could not be made, or an empty string."""
    facts = _facts_of(interpreter.path, interpreter.origin)
    constraints = layer.with_suffix(".constraints")
    layer.parent.mkdir(parents=True, exist_ok=True)
    pinned = {name: version for name, version in interpreter.packages.items() if "+" not in version}
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()))
    target = layer / "layer"
    wanted = [_AT_LEAST.get(name, name) for name in missing]
    problem = _done([interpreter.path, "-m", "venv", "--without-pip", str(layer)])
    if not problem:
        problem = _done(_install(interpreter, target, constraints, wanted))
    if problem and (layer / "bin").is_dir():
        # versions that do not go together on paper: what the notebook has is dropped from the layer below all the same
        shutil.rmtree(target, ignore_errors=True)
        constraints.write_text("")
        problem = _done(_install(interpreter, target, constraints, wanted))
    if problem:
        return f"could not be installed beside the notebook's packages: {problem}"
    _drop_what_is_there(target, interpreter.packages)
    site = next(layer.glob("lib/python*/site-packages"))
    lines = [f"import site; site.addsitedir({p!r})" for p in (*_site_packages(facts), str(target))]
    (site / "notebook-packages.pth").write_text("\n".join(lines) + "\n")
    (layer / "complete").touch()
    return ""


def _site_packages(facts: _Found) -> list[str]:
    """Return the folders of an interpreter's own packages."""
    return [path for path in facts.path if path.endswith("-packages")]


def _done(command: list[str]) -> str:
    """Run a command; returns the last line of its complaint, or an empty string."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False, env=_plain_environment())
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return "" if not done.returncode else lines[-1][:200] if lines else "no reason given"


def _install(interpreter: Interpreter, target: Path, constraints: Path, names: list[str]) -> list[str]:
    arguments = ["--target", str(target), "--constraint", str(constraints), *names]
    if shutil.which("uv"):
        return ["uv", "pip", "install", "-q", "--compile-bytecode", "--python", interpreter.path, *arguments]
    return [sys.executable, "-m", "pip", "--python", interpreter.path, "install", "-q", *arguments]


def _drop_what_is_there(target: Path, packages: Mapping[str, str]) -> None:
    """Remove from the layer every distribution that the notebook's environment has."""
    for info in sorted(target.glob("*.dist-info")):
        name = normalised(info.name.rsplit("-", 1)[0] if info.name.count("-") < 2 else info.name.split("-", 1)[0])
        if name not in packages or not (info / "RECORD").is_file():
            continue
        for line in (info / "RECORD").read_text().splitlines():
            path = (target / line.split(",", 1)[0].strip('"')).resolve()
            if path.is_relative_to(target.resolve()) and path.is_file():
                path.unlink()
        shutil.rmtree(info, ignore_errors=True)


def _plain_environment() -> dict[str, str]:
    """Return the environment without what would change another Python's own packages."""
    return {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
