"""Records values at points of a run."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from .describe import describe, number_of, numbers_of
from .fingerprint import fingerprint
from .summarise import summarise

MAX_KEPT = 200


class Recorder:
    """Keeps what is known of each value asked for; of an expression that runs several times, of every value.

    Args:
        folder: Gets a JSON summary of each value.
        points: The capture points.
    """

    def __init__(self, folder: str, points: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.points: dict[str, list[dict[str, Any]]] = {}
        self.found: dict[str, dict[str, Any]] = {}
        self.summaries: dict[str, list[dict[str, Any]]] = {}
        self.digests: dict[str, list[str]] = {}
        self.numbers: dict[str, list[float]] = {}
        for point in points:
            self.points.setdefault(point["statement"], []).append(point)

    def spans(self, statement: str) -> list[dict[str, Any]]:
        """Return the points inside a statement."""
        return [point for point in self.points.get(statement, []) if point.get("span")]

    def variables(self, statement: str, namespace: dict[str, Any]) -> None:
        """Record the variables asked for after a statement."""
        for point in self.points.get(statement, []):
            if not point.get("span") and point["variable"] in namespace:
                self.record(point["key"], namespace[point["variable"]])

    def record(self, key: str, value: Any) -> Any:
        """Record a value, and give it back."""
        digest = fingerprint(value)
        times = self.digests.setdefault(key, [])
        times.append(digest)
        number = number_of(value)
        if number is not None:
            self.numbers.setdefault(key, []).append(number)
        kept = self.summaries.setdefault(key, [])
        if len(kept) < MAX_KEPT:
            kept.append(summarise(value))
        if len(times) == 1 or number is None:
            self.found[key] = {"value": describe(value, digest, deep=False), "numbers": numbers_of(value)}
        self.found[key]["number"] = number
        return value

    def values(self) -> dict[str, dict[str, Any]]:
        """Write the summaries and return all that was recorded, as the fields of `Captured` by key."""
        recorded = {}
        for position, (key, found) in enumerate(self.found.items()):
            detail = f"{position}.json"
            several, digests, numbers = self.summaries[key], self.digests[key], self.numbers.get(key, [])
            summary = several[0]
            if len(digests) > 1:
                summary = {"kind": "sequence", "length": len(digests), "items": several}
                found["value"]["fingerprint"] = hashlib.blake2b("".join(digests).encode(), digest_size=8).hexdigest()
                if numbers:
                    found["numbers"] = {str(index): number for index, number in enumerate(numbers[:1000])}
            with open(os.path.join(self.folder, detail), "w", encoding="utf-8") as file:
                json.dump(summary, file)
            recorded[key] = {"key": key, "detail": detail, **found}
        return recorded
