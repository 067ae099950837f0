"""Runs the statements of a job in one namespace and writes what it saw, one JSON line a statement."""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import os
import sys
import time
import traceback
import types
from typing import Any

from .describe import describe, number_of, numbers_of
from .effects import Files, process_state
from .fingerprint import fingerprint
from .namespace import Watch
from .randomness import inject, states
from .statements import RECORD, Runner, mentioned_names
from .summarise import summarise

MAX_STDOUT = 20_000
MAX_RESULT = 2_000


def main(path: str) -> None:
    """Run a job.

    Args:
        path: JSON file: `mode` (`trace` or `capture`), `statements` (id, cell, code, displayed), `points`, `seed`, `root`,
            `folder` (for results), `home`.
    """
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    module = types.ModuleType("__main__")
    namespace = module.__dict__
    sys.modules["__main__"] = module
    sys.path[:0] = [os.getcwd()]
    namespace.update(_stand_ins())
    session = _Session(job, namespace)
    if job["seed"] is not None:
        inject(job["seed"])
    session.run()


def _stand_ins() -> dict[str, Any]:
    """Return what a notebook finds in its namespace although it never defines it."""

    def display(*values: Any, **_: Any) -> None:
        for value in values:
            print(repr(value))

    def unavailable(*_: Any) -> str:
        raise RuntimeError("input() waits for a person: give the value in the notebook instead")

    builtins.display = display  # type: ignore[attr-defined]
    builtins.input = unavailable  # type: ignore[assignment]
    return {"get_ipython": lambda: None} if "IPython" not in sys.modules else {}


class _Session:
    """One run of a job."""

    def __init__(self, job: dict[str, Any], namespace: dict[str, Any]) -> None:
        self.job = job
        self.namespace = namespace
        self.runner = Runner(namespace)
        self.files = Files(job["root"], job["home"])
        self.watch = Watch(namespace)
        self.facts: dict[str, dict[str, Any]] = {}
        self.captured: dict[str, list[Any]] = {}
        self.looped: dict[str, list[float]] = {}
        self.out = open(os.path.join(job["folder"], "results.jsonl"), "w", encoding="utf-8")  # noqa: SIM115
        self.points: dict[str, list[dict[str, Any]]] = {}
        for point in job["points"]:
            self.points.setdefault(point["statement"], []).append(point)
        namespace[RECORD] = self.record
        self.watch.after(set(), 0.0)

    def run(self) -> None:
        """Run all statements; stop at the first failure."""
        cell = None
        for statement in self.job["statements"]:
            if cell is not None and statement["cell"] != cell:
                _close_figures()
            cell = statement["cell"]
            self.say({"begin": statement["id"]})
            done = self.one(statement)
            self.say(done)
            if "error" in done:
                return
        self.say({"end": True, "generators": states(), **self.loaded(), "stars": self.stars()})

    def one(self, statement: dict[str, Any]) -> dict[str, Any]:
        tracing = self.job["mode"] == "trace"
        spans = [point for point in self.points.get(statement["id"], []) if point.get("span")]
        before = (states(), process_state(), _figures()) if tracing else None
        text = io.StringIO()
        value = None
        error = None
        self.files.active = tracing
        began = time.perf_counter()
        with contextlib.redirect_stdout(_Tee(text)):
            try:
                value = self.runner.run(f"<{statement['id']}>", statement["code"], spans)
                if statement["displayed"] and value is not None:
                    self.namespace["_"] = value
                    shown = repr(value)
                else:
                    shown = ""
            except BaseException as raised:
                shown, error = "", _error(statement["id"], raised)
        seconds = time.perf_counter() - began
        self.files.active = False
        found: dict[str, Any] = {"id": statement["id"], "seconds": seconds}
        if error:
            found["error"] = error
        for point in self.points.get(statement["id"], []):
            if not point.get("span") and point["variable"] in self.namespace:
                self.store(point["key"], self.namespace[point["variable"]])
        if before is not None:
            found.update(self.effects(statement, before, seconds, value, shown, text.getvalue()))
        return found

    def effects(
        self, statement: dict[str, Any], before: Any, seconds: float, value: Any, shown: str, text: str
    ) -> dict[str, Any]:
        old_states, old_process, old_figures = before
        new_states, new_process = states(), process_state()
        mentioned = mentioned_names(statement["code"], self.namespace)
        bound, changed, deleted = self.watch.after(mentioned, seconds)
        generators = [
            name for name in changed if type(self.namespace[name]).__name__ in ("Generator", "RandomState", "Random")
        ]
        reads, writes = self.files.take()
        if statement["code"].startswith(("import ", "from ")):
            new_states, new_process, reads, writes = old_states, old_process, [], []
        return {
            "bound": {name: self.described(name) for name in bound if name != "_"},
            "mutated": {name: self.described(name) for name in changed},
            "deleted": deleted,
            "draws": [n for n, state in new_states.items() if old_states.get(n, state) != state] + generators,
            "reads": reads,
            "writes": writes,
            "environment": sorted(n for n, state in new_process.items() if old_process.get(n, state) != state),
            "stdout": _cut(text, MAX_STDOUT),
            "result": describe(value, deep=False) if value is not None else None,
            "result_text": _cut(shown, MAX_RESULT),
            "figures": max(0, _figures() - old_figures),
        }

    def described(self, name: str) -> dict[str, Any]:
        value = self.namespace[name]
        digest = self.watch.digests.get(name) or fingerprint(value)
        key = f"{digest}:{type(value).__name__}"
        if key not in self.facts:
            self.facts[key] = describe(value, digest)
        return self.facts[key]

    def record(self, key: str, value: Any) -> Any:
        """Record the value of an expression where it stands, and give it back."""
        number = number_of(value)
        if number is not None:
            self.looped.setdefault(key, []).append(number)
        self.store(key, value)
        return value

    def store(self, key: str, value: Any) -> None:
        name = f"{len(self.captured)}.json" if key not in self.captured else self.captured[key][1]
        with open(os.path.join(self.job["folder"], name), "w", encoding="utf-8") as file:
            json.dump(summarise(value), file)
        self.captured[key] = [describe(value, deep=False), name, number_of(value), numbers_of(value)]

    def loaded(self) -> dict[str, Any]:
        """Return what was imported and captured."""
        values = {}
        for key, (facts, detail, number, numbers) in self.captured.items():
            several = self.looped.get(key, [])
            if len(several) > 1:
                numbers = {str(i): n for i, n in enumerate(several)}
            values[key] = {"key": key, "value": facts, "detail": detail, "number": number, "numbers": numbers}
        local = sorted(
            {
                os.path.abspath(module.__file__)
                for module in list(sys.modules.values())
                if getattr(module, "__file__", None) and str(module.__file__).startswith(self.job["root"] + os.sep)
            }
        )
        modules = sorted({name.partition(".")[0] for name in sys.modules})
        return {"values": values, "local_modules": local, "modules": modules}

    def stars(self) -> dict[str, list[str]]:
        """Return the public names of each module that a statement star-imports."""
        found = {}
        for identifier, name in self.job.get("stars", {}).items():
            module = sys.modules.get(name)
            if module is not None:
                names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
                found[identifier] = sorted(map(str, names))
        return found

    def say(self, found: dict[str, Any]) -> None:
        self.out.write(json.dumps(found) + "\n")
        self.out.flush()


class _Tee(io.TextIOBase):
    """Keeps what is printed, bounded."""

    def __init__(self, kept: io.StringIO) -> None:
        self.kept = kept

    def write(self, text: str) -> int:
        if self.kept.tell() < 4 * MAX_STDOUT:
            self.kept.write(text)
        return len(text)

    def writable(self) -> bool:
        return True


def _error(statement: str, raised: BaseException) -> dict[str, Any]:
    line = 0
    for frame in traceback.extract_tb(raised.__traceback__):
        if frame.filename == f"<{statement}>":
            line = frame.lineno or 0
    text = "".join(traceback.format_exception(type(raised), raised, raised.__traceback__)[-8:])
    message = str(raised).strip().splitlines()
    return {
        "statement": statement,
        "kind": type(raised).__name__,
        "message": message[0][:500] if message else "",
        "line": line,
        "traceback": text[-2000:],
    }


def _figures() -> int:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return len(pyplot.get_fignums()) if pyplot is not None else 0


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most // 2] + " … " + text[-most // 2 :]
