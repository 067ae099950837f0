"""The types that the author's own functions were called with, and gave back.

A profile function sees the calls. It costs time, so it is set only while a statement runs that mentions a function not
seen often enough yet, and it takes itself away after a bounded number of events. The functions stay as written.
"""

from __future__ import annotations

import contextlib
import inspect
import opcode
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from .annotation import annotate

MAX_EVENTS = 20_000
MAX_CALLS = 5
_RETURNS = {opcode.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in opcode.opmap}
_UNUSUAL = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Signatures:
    """Notes argument and result types by the qualified name of the function: `evaluate`, `Net.forward`."""

    def __init__(self) -> None:
        self.names: dict[types.CodeType, str] = {}
        self.counts: dict[types.CodeType, int] = {}
        self.seen: dict[str, dict[str, dict[str, set[str]]]] = {}
        self.events = 0

    def know(self, namespace: dict[str, Any], names: Iterable[str]) -> None:
        """Take note of the functions and classes that a statement bound.

        Args:
            namespace: Of the notebook.
            names: Bound by the statement.
        """
        for name in names:
            for qualified, function in _functions(name, namespace.get(name)):
                if not function.__code__.co_flags & _UNUSUAL:
                    self.names[function.__code__] = qualified

    @contextlib.contextmanager
    def watching(self, mentioned: bool) -> Iterator[None]:
        """Watch the calls while a statement runs.

        Args:
            mentioned: The statement may call a function of the notebook.
        """
        wanted = mentioned and any(self.counts.get(code, 0) < MAX_CALLS for code in self.names)
        if not wanted or sys.getprofile() is not None:
            yield
            return
        self.events = 0
        sys.setprofile(self.event)
        try:
            yield
        finally:
            if sys.getprofile() == self.event:
                sys.setprofile(None)

    def event(self, frame: types.FrameType, kind: str, value: Any) -> None:
        """Note a call or a return of a known function; anything else only counts."""
        self.events += 1
        if self.events > MAX_EVENTS:
            sys.setprofile(None)
            return
        code = frame.f_code
        name = self.names.get(code)
        if name is None or self.counts.get(code, 0) >= MAX_CALLS:
            return
        if kind == "call":
            given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            for argument in given:
                if argument in frame.f_locals:
                    self.note(name, argument, frame.f_locals[argument])
        elif kind == "return" and code.co_code[frame.f_lasti] in _RETURNS:
            self.counts[code] = self.counts.get(code, 0) + 1
            self.note(name, "return", value)

    def note(self, name: str, part: str, value: Any) -> None:
        """Add the type of one value."""
        try:
            annotation, imports = annotate(value)
        except Exception:  # a value of a foreign class may fail in any way
            annotation, imports = "Any", {"from typing import Any"}
        self.seen.setdefault(name, {}).setdefault(part, {})[annotation] = imports

    def found(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """Return the imports by annotation, by argument (or `return`), by function; all in a settled order."""
        return {
            name: {part: {a: sorted(kinds[a]) for a in sorted(kinds)} for part, kinds in parts.items()}
            for name, parts in sorted(self.seen.items())
        }


def _functions(name: str, value: Any) -> Iterator[tuple[str, types.FunctionType]]:
    if isinstance(value, types.FunctionType) and value.__module__ == "__main__":
        yield value.__name__, value
    elif isinstance(value, type) and value.__module__ == "__main__":
        for member, found in vars(value).items():
            plain = getattr(found, "__func__", None) or getattr(found, "fget", None) or found
            if isinstance(plain, types.FunctionType):
                yield f"{value.__name__}.{member}", plain
