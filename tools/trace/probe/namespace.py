"""The notebook's variables before and after a statement: what was bound, what was changed in place."""

from __future__ import annotations

import time
import types
from typing import Any

from .fingerprint import fingerprint

_SKIPPED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
BASE_SECONDS = 0.01
SHARE = 0.15


class Watch:
    """Fingerprints the variables of a namespace, at a bounded cost.

    All variables are compared while that is cheap; when it is not, only those whose names a statement mentions, those
    that are the same object as one of them, and those whose memory they share.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.objects: dict[str, Any] = {}
        self.digests: dict[str, str] = {}
        self.costs: dict[str, float] = {}

    def after(self, mentioned: set[str], seconds: float) -> tuple[list[str], list[str], list[str]]:
        """Return (bound, changed in place, deleted) since the last call.

        Args:
            mentioned: Names that the statement mentions, also through the functions that it calls.
            seconds: Its wall time, from which the effort follows.
        """
        present = {name: value for name, value in self.namespace.items() if not name.startswith("__")}
        deleted = sorted(name for name in self.objects if name not in present)
        bound = [name for name, value in present.items() if name not in self.objects or self.objects[name] is not value]
        for name in deleted:
            self.digests.pop(name, None)
        changed: list[str] = []
        for name in self.looked_at(present, set(bound), mentioned, seconds):
            value = present[name]
            began = time.perf_counter()
            digest = fingerprint(value)
            self.costs[name] = time.perf_counter() - began
            if name not in bound and self.digests.get(name, digest) != digest:
                changed.append(name)
            self.digests[name] = digest
        self.objects = dict(present)
        return bound, changed, deleted

    def looked_at(self, present: dict[str, Any], bound: set[str], mentioned: set[str], seconds: float) -> list[str]:
        compared = [name for name, value in present.items() if not isinstance(value, _SKIPPED)]
        known = sum(self.costs.get(name, 0.0) for name in compared if name not in bound)
        if known <= BASE_SECONDS + SHARE * seconds:
            return compared
        near = {id(present[name]) for name in mentioned | bound if name in present}
        memory = {_memory(present[name]) for name in mentioned if name in present} - {None}
        return [
            name
            for name in compared
            if name in bound or name in mentioned or id(present[name]) in near or _memory(present[name]) in memory
        ]


def _memory(value: Any) -> int | None:  # type: ignore[syntax,unused-ignore]
    """Return the identity of the memory that an array or frame stands on, where that is cheap to know."""
    base = getattr(value, "values", None) if type(value).__name__ == "Series" else value
    while getattr(base, "base", None) is not None and type(base).__name__ == "ndarray":
        base = base.base
    return id(base) if type(base).__name__ == "ndarray" else None
