"""Runs a generated package under injected randomness and records what its stage functions return.

A copy of this file runs beside the package, in the package's environment and in the sandbox, with the probe that also
records the notebook: it imports nothing of this project, and values of foreign code have no type here.
"""
# ruff: noqa: ANN401

import functools
import importlib
import json
import os
import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Recorder:
    """Wraps the stage functions and keeps what they return, last call first.

    Args:
        request: What to record: `functions` with `name`, `module` and `returns` (`name`, `key`).
        probe: The probe's modules.
    """

    def __init__(self, request: dict[str, Any], probe: Callable[[str], Any]) -> None:
        self.request = request
        self.folder = Path(request["folder"])
        self.describe, self.summarise = probe("describe"), probe("summarise").summarise
        self.values: dict[str, dict[str, Any]] = {}

    def wrap_all(self) -> None:
        """Replace each stage function wherever the package refers to it."""
        for planned in self.request["functions"]:
            module = importlib.import_module(planned["module"])
            original = getattr(module, planned["name"], None)
            if callable(original):
                replace(original, self.wrapped(original, planned["returns"]))

    def wrapped(self, original: Callable[..., Any], returns: list[dict[str, str]]) -> Callable[..., Any]:
        """Return the function with its results recorded."""

        @functools.wraps(original)
        def function(*args: Any, **kwargs: Any) -> Any:
            value = original(*args, **kwargs)
            for number, returned in enumerate(returns):
                found, part = part_of(value, returned["name"], number, len(returns))
                if found:
                    self.record(returned["key"], part)
            return value

        return function

    def record(self, key: str, value: Any) -> None:
        """Keep facts and summary of a value."""
        name = self.values[key]["detail"] if key in self.values else f"{len(self.values)}.json"
        (self.folder / name).write_text(json.dumps(self.summarise(value)), encoding="utf-8")
        self.values[key] = {
            "key": key,
            "value": self.describe.describe(value, deep=False),
            "detail": name,
            "number": self.describe.number_of(value),
            "numbers": self.describe.numbers_of(value),
        }


def part_of(value: Any, name: str, number: int, count: int) -> tuple[bool, Any]:
    """Return whether a live-out is found in what a function returned, and the live-out."""
    if name in getattr(value, "_fields", ()):
        return True, getattr(value, name)
    if hasattr(value, "__dataclass_fields__") and name in value.__dataclass_fields__:
        return True, getattr(value, name)
    if count == 1:
        return True, value
    if isinstance(value, dict) and name in value:
        return True, value[name]
    if isinstance(value, tuple) and len(value) == count:
        return True, value[number]
    return False, None


def replace(original: Any, new: Any) -> None:
    """Replace an object in every module of the package that holds it."""
    for name, module in list(sys.modules.items()):
        if name == "src" or name.startswith("src."):
            for attribute, value in list(vars(module).items()):
                if value is original:
                    setattr(module, attribute, new)


def reseed(seed: int) -> None:
    """Seed the global generators anew: what libraries drew while they were imported does not count."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def seed_as_the_notebook(generators: list[str]) -> None:
    """Let the package seed what the notebook seeds first of all, and nothing that the package adds.

    Args:
        generators: `random`, `numpy`, `torch`; empty where the notebook seeds none at its start.
    """

    def set_seed(seed: int) -> None:
        if "random" in generators:
            random.seed(seed)
        if "numpy" in generators:
            sys.modules["numpy"].random.seed(seed)
        if "torch" in generators:
            sys.modules["torch"].manual_seed(seed)

    for name, module in list(sys.modules.items()):
        if name.startswith("src.") and callable(vars(module).get("set_seed")):
            replace(vars(module)["set_seed"], set_seed)


def failure(error: BaseException, root: str) -> dict[str, Any]:
    """Return kind, message and place of an exception: the deepest frame in the package."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(root + os.sep)]
    own = [f for f in frames if not f.filename.endswith("equivalence_driver.py")]
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    lines = str(error).strip().splitlines()
    return {
        "kind": type(error).__name__,
        "message": lines[0].replace(root + os.sep, "")[:500] if lines else "",
        "file": os.path.relpath(own[-1].filename, root) if own else "",
        "line": own[-1].lineno if own else 0,
        "traceback": text.replace(root + os.sep, "")[-2000:],
    }


def train(request: dict[str, Any], recorder: Recorder) -> None:
    """Train as the command line would, with the stage functions recorded."""
    module = importlib.import_module(request["train"])
    for name in request["modules"]:
        importlib.import_module(name)
    recorder.wrap_all()
    if request["seed"] is not None:
        seed_as_the_notebook(request["seeded"])
    if request["seed"] is not None:
        reseed(request["seed"])
    module.main(request["overrides"])


def main(path: str) -> None:
    """Run a request and write `results.json`.

    Args:
        path: JSON file with the request.
    """
    request = json.loads(Path(path).read_text(encoding="utf-8"))
    root = str(Path.cwd())
    sys.path[:0] = [root]
    sys.path.append(request["probe"])

    def probe(name: str) -> Any:
        return importlib.import_module(f"notebook_probe.{name}")

    randomness = probe("randomness")
    recorder = Recorder(request, probe)
    found: dict[str, Any] = {"error": None}
    try:
        if request["seed"] is not None:
            randomness.inject(request["seed"])
        for library in request["libraries"]:
            try:
                importlib.import_module(library)
            except ImportError:
                continue
        if request["mode"] == "import":
            for name in [request["train"], *request["modules"]]:
                importlib.import_module(name)
        elif request["mode"] == "train":
            train(request, recorder)
        else:
            importlib.import_module(request["evaluate"]).main([])
    except BaseException as error:
        found["error"] = failure(error, root)
    found["values"] = recorder.values
    found["generators"] = randomness.states()
    (Path(request["folder"]) / "results.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
