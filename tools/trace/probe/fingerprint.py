"""A digest of a value's content: equal content, equal digest, whatever process or module path it lives in."""

from __future__ import annotations

import ctypes
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import io
import logging
import marshal
import pathlib
import random
import re
import struct
import threading
import types
import uuid
from typing import Any

from . import content

MAX_DEPTH = 60
MAX_ITEMS = 300_000
_PLAIN = {bool, int, float, str, bytes, type(None)}
_IGNORED = {"fit_time", "refit_time_", "score_time", "n_jobs", "_cache", "_abc_impl"}
_TIMED = ("fit_time", "score_time")
_DRAWN = {"matplotlib", "seaborn", "plotly", "bokeh", "altair", "IPython", "ipywidgets"}
_SHOWN = (
    datetime.date,
    datetime.time,
    datetime.timedelta,
    datetime.tzinfo,
    decimal.Decimal,
    fractions.Fraction,
    pathlib.PurePath,
    uuid.UUID,
    range,
    slice,
    re.Pattern,
)
_OPAQUE = (
    types.GeneratorType,
    types.CoroutineType,
    types.FrameType,
    types.TracebackType,
    io.IOBase,
    type(threading.Lock()),
    type(threading.RLock()),
    threading.Thread,
    threading.local,
    ctypes._SimpleCData,
    ctypes._Pointer,
    ctypes.Structure,
)
_MODEL_TEXT = ("save_raw", "model_to_string")


def fingerprint(value: Any) -> str:
    """Return a digest of 16 hexadecimal digits.

    Arrays and frames count by dtype, shape, labels and contents (missing values equal each other, text by value however
    it is stored); estimators by class, parameters and fitted attributes without timings; generators of random numbers
    by state; functions, classes and modules by name; figures not at all. Beyond 64 MB an array is sampled evenly.
    """
    walker = Walker()
    try:
        walker.feed(value)
    except RecursionError:
        walker.tag("deep")
    return walker.digest.hexdigest()


class Walker:
    """Feeds a value into a hash, part by part; a part met again is fed by the digest it had."""

    def __init__(self) -> None:
        self.digest = hashlib.blake2b(digest_size=8)
        self.known: dict[int, bytes] = {}
        self.alive: list[Any] = []
        self.depth = 0

    def tag(self, *parts: str) -> None:
        """Feed words."""
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            self.digest.update(struct.pack("<q", len(data)) + data)

    def raw(self, data: Any) -> None:
        """Feed bytes, or anything that offers its memory."""
        self.digest.update(data)

    def feed(self, value: Any) -> None:
        """Feed a value."""
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is complex:
            self.tag(kind.__name__, str(value))
        elif kind is int:
            self.tag("int", hex(value))
        elif kind is float:
            self.tag("float", "nan" if value != value else value.hex())
        elif kind is bytes or kind is bytearray:
            self.tag("bytes", str(len(value)))
            self.raw(bytes(value))
        elif kind.__module__ == "numpy" and content.is_scalar(value):
            self.feed(value.item())
        else:
            self.compound(value)

    def compound(self, value: Any) -> None:
        """Feed the digest of a value that has parts."""
        known = self.known.get(id(value))
        if known is not None:
            self.raw(known)
            return
        if self.depth > MAX_DEPTH or len(self.alive) > MAX_ITEMS:
            self.tag("deep", type(value).__name__)
            return
        self.known[id(value)] = b"cycle"
        self.alive.append(value)
        outer, self.digest, self.depth = self.digest, hashlib.blake2b(digest_size=8), self.depth + 1
        try:
            self.dispatch(value)
        except RecursionError:
            raise
        except Exception as error:  # a value of a foreign class may fail in any way
            self.tag("unreadable", type(value).__name__, type(error).__name__)
        finally:
            made = self.digest.digest()
            self.digest, self.depth = outer, self.depth - 1
        self.known[id(value)] = made
        self.raw(made)

    def dispatch(self, value: Any) -> None:
        """Feed a value by its kind."""
        top = type(value).__module__.partition(".")[0]
        feeder = content.FEEDERS.get(top)
        if feeder is not None and feeder(self, value):
            return
        if content.feed_module(self, value):
            return
        if top in _DRAWN:
            self.tag("figure")
        elif isinstance(value, dict):
            self.mapping(value)
        elif isinstance(value, (list, tuple)):
            self.sequence(value)
        elif isinstance(value, (set, frozenset)):
            self.tag("set", *sorted(fingerprint(item) for item in value))
        elif isinstance(value, type):
            self.tag("class", value.__name__)
        elif isinstance(value, types.ModuleType):
            self.tag("module", value.__name__)
        elif isinstance(value, logging.Logger):
            self.tag("logger", value.name)
        elif isinstance(value, _SHOWN):
            self.tag("shown", repr(value))
        elif isinstance(value, enum.Enum):
            self.tag("enum", type(value).__name__, value.name)
        elif isinstance(value, _OPAQUE):
            self.tag("opaque", type(value).__name__)
        elif isinstance(value, random.Random):
            self.feed(value.getstate() if type(value).random is not random.SystemRandom.random else None)
        elif not self.callable(value):
            self.thing(value)

    def sequence(self, value: Any) -> None:
        """Feed a list or tuple; plain items at once."""
        self.tag("list" if isinstance(value, list) else "tuple", str(len(value)))
        items = value
        if {type(item).__module__ for item in value} - {"builtins"} == {"numpy"}:
            items = [item.item() if content.is_scalar(item) else item for item in value]
        if len(items) > 8 and {*map(type, items)} <= _PLAIN:
            self.tag("plain")
            self.raw(marshal.dumps(list(items), 2))
            return
        for item in items:
            self.feed(item)

    def mapping(self, value: Any) -> None:
        """Feed a dict in its order, without timings."""
        self.tag("mapping")
        for key, item in list(value.items()):
            if isinstance(key, str) and any(word in key for word in _TIMED):
                continue
            self.feed(key)
            self.feed(item)

    def callable(self, value: Any) -> bool:
        """Feed a function by its name; tells whether it was one."""
        if isinstance(value, functools.partial):
            self.tag("partial")
            self.feed([value.func, list(value.args), dict(value.keywords)])
        elif isinstance(value, types.MethodType):
            self.tag("method", value.__name__, type(value.__self__).__name__)
        elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
            self.tag("function", value.__name__)
        elif callable(value) and not hasattr(value, "__dict__"):
            self.tag("callable", getattr(value, "__name__", type(value).__name__))
        else:
            return False
        return True

    def thing(self, value: Any) -> None:
        """Feed an object: its class by bare name, its state by attribute."""
        self.tag("object", type(value).__name__)
        for name in _MODEL_TEXT:
            if callable(getattr(type(value), name, None)):
                self.feed(getattr(value, name)())
                return
        if callable(getattr(type(value), "get_weights", None)) and hasattr(type(value), "get_config"):
            self.feed(value.get_weights())
            return
        state = getattr(value, "__dict__", None) or _state_of(value)
        if not isinstance(state, dict):
            self.feed(state)
            return
        for name in sorted(state, key=str):
            if name not in _IGNORED and not str(name).startswith("__"):
                self.tag(str(name))
                self.feed(state[name])


def _state_of(value: Any) -> Any:
    """Return the state of an object without attributes of its own (a compiled tree, a slotted record)."""
    slots: list[str] = []
    for kind in type(value).__mro__:
        found = kind.__dict__.get("__slots__", ())
        slots += [found] if isinstance(found, str) else list(found)
    if slots:
        return {name: getattr(value, name, None) for name in slots if name not in ("__dict__", "__weakref__")}
    method = getattr(value, "__getstate__", None)
    if callable(method):
        try:
            return method()
        except Exception:
            return None
    return None
