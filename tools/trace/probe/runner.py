"""Runs the statements of a job in one namespace and writes what it saw, one JSON line a statement."""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import sys
import time
import types
from typing import Any

from .annotation import type_name
from .capture import Recorder
from .describe import describe
from .effects import Files, changes, process_state
from .fingerprint import fingerprint
from .namespace import Watch, aliases
from .output import Printed, close_figures, error_of, figures, shown
from .randomness import inject, states
from .seeding import Seeding
from .signatures import Signatures
from .statements import RECEIVER, RECORD, Runner, mentioned_names, named_values


def main(path: str) -> None:
    """Run a job.

    Args:
        path: JSON file: `mode` (`trace` or `capture`), `statements` (id, cell, code, displayed), `points`, `seed`,
            `root`, `original`, `hidden` (folders taken off the path), `folder` (for results), `stars`.
    """
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    hidden = {os.path.realpath(folder) for folder in job["hidden"]}
    sys.path[:] = ["", *(entry for entry in sys.path if entry and os.path.realpath(entry) not in hidden)]
    _stand_ins(module.__dict__)
    session = _Session(job, module.__dict__)
    if job["seed"] is not None:
        inject(job["seed"])
    session.run()


def _stand_ins(namespace: dict[str, Any]) -> None:
    """Lay down what a notebook finds although it never defines it."""

    def display(*values: Any, **_: Any) -> None:
        for value in values:
            print(repr(value))

    def unavailable(*_: Any) -> str:
        raise RuntimeError("input() waits for a person: give the value in the notebook instead")

    builtins.display = display  # type: ignore[attr-defined]
    builtins.input = unavailable
    namespace.update({"get_ipython": lambda: None, "Out": {}, "In": [""]})


class _Session:
    """One run of a job."""

    def __init__(self, job: dict[str, Any], namespace: dict[str, Any]) -> None:
        self.job = job
        self.tracing = job["mode"] == "trace"
        self.namespace = namespace
        self.runner = Runner(namespace, receivers=self.tracing)
        self.files = Files(job["root"], job["original"])
        self.watch = Watch(namespace)
        self.recorder = Recorder(job["folder"], job["points"])
        self.seeding = Seeding() if self.tracing else None
        self.signatures = Signatures()
        self.facts: dict[str, dict[str, Any]] = {}
        self.calls: dict[tuple[str, str], None] = {}
        self.before: Any = None
        self.classes: dict[type, str] = {}
        self.out = open(os.path.join(job["folder"], "results.jsonl"), "w", encoding="utf-8")
        namespace[RECORD] = self.recorder.record
        namespace[RECEIVER] = self.receiver
        self.files.changed()
        self.watch.after(set(), 0.0)

    def run(self) -> None:
        """Run all statements; stop at the first failure."""
        cell = None
        for statement in self.job["statements"]:
            if cell is not None and statement["cell"] != cell:
                close_figures()
            cell = statement["cell"]
            self.say({"begin": statement["id"]})
            done = self.one(statement)
            self.say(done)
            if "error" in done:
                break
        else:
            done = {}
        self.say({"end": "error" not in done, "generators": states(), **self.loaded(), "stars": self.stars()})

    def one(self, statement: dict[str, Any]) -> dict[str, Any]:
        """Run one statement and return what it did."""
        points = self.recorder.spans(statement["id"])
        before = (self.before or (states(), process_state()), figures(), len(sys.modules)) if self.tracing else None
        printed = Printed()
        value, text, error = None, "", None
        self.files.active = self.tracing
        began = time.perf_counter()
        with contextlib.redirect_stdout(printed):
            try:
                with self.signatures.watching(self.tracing):
                    value = self.runner.run(f"<{statement['id']}>", statement["code"], points)
                if statement["displayed"] and value is not None:
                    self.namespace["_"] = self.namespace["Out"][statement["cell"]] = value
                    text = shown(value)
            except BaseException as raised:
                error = error_of(statement["id"], raised)
        seconds = time.perf_counter() - began
        self.files.active = False
        found: dict[str, Any] = {"id": statement["id"], "seconds": seconds}
        if error:
            found["error"] = error
        self.recorder.variables(statement["id"], self.namespace)
        if before is not None:
            found.update(self.effects(statement, before, seconds))
            found.update(
                stdout=printed.text(),
                result=describe(value, deep=False) if value is not None else None,
                result_text=text,
            )
        return found

    def effects(self, statement: dict[str, Any], before: Any, seconds: float) -> dict[str, Any]:
        """Return what a statement changed."""
        (old_states, old_process), old_figures, old_modules = before
        code = statement["code"]
        new_states, new_process = self.before = states(), process_state()
        mentioned = mentioned_names(code, self.namespace)
        bound, changed, deleted = self.watch.after(mentioned, seconds)
        seeded = self.seeding.take() if self.seeding else {}
        draws = [n for n, s in new_states.items() if n in old_states and seeded.get(n, old_states[n]) != s]
        draws += [name for name in changed if _draws(self.namespace[name])]
        imported = code.startswith(("import ", "from "))
        words = code + " ".join(sorted(mentioned))
        reads, writes = self.files.take(code, named_values(code, self.namespace))
        calls, self.calls = self.calls, {}
        self.signatures.know(self.namespace, bound)
        return {
            "bound": {name: self.described(name) for name in bound},
            "mutated": {name: self.described(name) for name in changed},
            "deleted": deleted,
            "draws": [] if imported else draws,
            "seeds": sorted(seeded),
            "reads": reads,
            "writes": writes,
            "environment": changes(old_process, new_process, words, len(sys.modules) != old_modules),
            "figures": max(0, figures() - old_figures),
            "calls": sorted(calls),
        }

    def receiver(self, value: Any, text: str) -> Any:
        """Note the class of an object whose method is about to be called, and give the object back."""
        kind = type(value)
        if kind is not types.ModuleType and kind is not type and not isinstance(value, type) and len(self.calls) < 500:
            if kind not in self.classes:
                self.classes[kind] = type_name(value)
            self.calls[text, f"{self.classes[kind]}.{text.rpartition('.')[2]}"] = None
        return value

    def described(self, name: str) -> dict[str, Any]:
        """Return the facts of a variable."""
        value = self.namespace[name]
        digest = self.watch.digests.get(name) or fingerprint(value)
        key = f"{digest}:{type(value).__name__}"
        if key not in self.facts:
            self.facts[key] = describe(value, digest)
        return self.facts[key]

    def loaded(self) -> dict[str, Any]:
        """Return what was imported and captured, and which names share one object."""
        local = {
            os.path.abspath(str(module.__file__))
            for module in list(sys.modules.values())
            if isinstance(getattr(module, "__file__", None), str)
        }
        return {
            "values": self.recorder.values(),
            "local_modules": sorted(path for path in local if path.startswith(self.job["root"] + os.sep)),
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
            "aliases": aliases(self.namespace) if self.tracing else [],
            "signatures": self.signatures.found(),
        }

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
        """Write one line; the process may end at any moment."""
        self.out.write(json.dumps(found) + "\n")
        self.out.flush()


def _draws(value: Any) -> bool:
    """Tell whether a value is a generator of random numbers."""
    return type(value).__name__ in ("Generator", "RandomState", "Random", "BitGenerator", "PCG64", "MT19937")
