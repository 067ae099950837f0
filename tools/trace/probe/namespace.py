"""The notebook's variables before and after a statement: what was bound, what was changed in place."""

from __future__ import annotations

import time
import types
from typing import Any

from .fingerprint import fingerprint

_SKIPPED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
_OURS = {"_", "Out", "In", "get_ipython"}
_PLAIN = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, types.FunctionType)
BASE_SECONDS = 0.003
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
        present = {n: value for n, value in self.namespace.items() if not n.startswith("__") and n not in _OURS}
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
        """Return the variables whose content is compared after a statement, within the bound of its effort."""
        compared = [name for name, value in present.items() if not isinstance(value, _SKIPPED)]
        known = sum(self.costs.get(name, 0.0) for name in compared if name not in bound)
        if known <= BASE_SECONDS + SHARE * seconds:
            return compared
        near: set[int] = set()
        for name in mentioned | bound:
            near |= reached(present.get(name))
        return [n for n in compared if n in bound or n in mentioned or near & reached(present[n])]


def reached(value: Any, depth: int = 4, found: set[int] | None = None) -> set[int]:
    """Return the identities of the objects and memory that a value consists of, as far as that is cheap to know."""
    found = set() if found is None else found
    if isinstance(value, _PLAIN) or id(value) in found or len(found) > 2000:
        return found
    found.add(id(value))
    top, name = type(value).__module__.partition(".")[0], type(value).__name__
    if top == "numpy" and name == "ndarray":
        while getattr(value, "base", None) is not None:
            value = value.base
        found.add(id(value))
    elif top == "pandas" and name in ("DataFrame", "Series"):
        for block in getattr(getattr(value, "_mgr", None), "blocks", ())[:50]:
            reached(block.values, 0, found)
    elif depth > 0:
        if isinstance(value, dict):
            parts: list[Any] = list(value.values())[:200]
        elif isinstance(value, (list, tuple, set)):
            parts = list(value)[:200]
        else:
            parts = list(getattr(value, "__dict__", {}).values())[:200]
        for part in parts:
            reached(part, depth - 1, found)
    return found


def aliases(namespace: dict[str, Any]) -> list[list[str]]:
    """Return the groups of names that share one object that can change."""
    groups: dict[int, list[str]] = {}
    for name, value in namespace.items():
        if not name.startswith("_") and name not in _OURS and not isinstance(value, (*_PLAIN, tuple, frozenset)):
            while type(value).__name__ == "ndarray" and getattr(value, "base", None) is not None:
                value = value.base
            groups.setdefault(id(value), []).append(name)
    return sorted(sorted(names) for names in groups.values() if len(names) > 1)
