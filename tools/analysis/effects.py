"""Knowledge of what library calls do beyond returning a value; the data stand in `effects.yaml`."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Effects:
    """The tables of `effects.yaml`, each described there."""

    libraries: frozenset[str]
    mutating_methods: frozenset[str]
    pandas_pure_methods: frozenset[str]
    generator_methods: frozenset[str]
    generator_types: frozenset[str]
    returning_self: frozenset[str]
    returning_arguments: frozenset[str]
    fresh: frozenset[str]
    containers: frozenset[str]
    iterators: frozenset[str]
    elements: frozenset[str]
    immutable: frozenset[str]
    immutable_methods: frozenset[str]
    immutable_attributes: frozenset[str]
    inert: frozenset[str]
    not_drawing: frozenset[str]
    unseeded_functions: frozenset[str]
    unseeded_classes: frozenset[str]
    shuffling_classes: frozenset[str]
    drawing_layers: frozenset[str]
    changing_layers: frozenset[str]
    drawing_methods: frozenset[str]
    sampling_methods: frozenset[str]
    plotting_roots: frozenset[str]
    plotting_methods: frozenset[str]
    figure_starts: frozenset[str]
    protocol: frozenset[str]
    file_reading_methods: frozenset[str]
    mutating_functions: dict[str, str]
    draws: dict[str, str]
    seeding: dict[str, str]
    state_writers: dict[str, str]
    state_readers: dict[str, str]
    file_writers: dict[str, int]
    file_writing_methods: dict[str, int]
    file_readers: dict[str, int]

    def library(self, name: str) -> bool:
        """Tell whether a qualified name belongs to a library whose conventions are known."""
        return name.split(".")[0] in self.libraries

    def generator_of(self, name: str) -> frozenset[str]:
        """Return the global generators that a library function draws from."""
        if name in self.not_drawing or name in self.seeding:
            return frozenset()
        return frozenset(g for g, prefixes in self.draws.items() if matches(name, prefixes.split()))

    def state_written(self, name: str) -> str:
        """Return the process state that a function or an attribute of a library changes; empty for none."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            found = self.state_writers.get(".".join(parts[:length]))
            if found:
                return found
        return ""


def matches(name: str, prefixes: list[str] | frozenset[str]) -> bool:
    """Tell whether a qualified name is one of the given, or starts with one that ends in a part of a word.

    A prefix that ends in `.` or `_`, or in a capitalised word, stands for all names that go on from there.
    """
    for prefix in prefixes:
        if name == prefix:
            return True
        if name.startswith(prefix) and (prefix[-1] in "._" or prefix.rsplit(".", 1)[-1][:1].isupper()):
            return True
    return False


@lru_cache(maxsize=1)
def effects() -> Effects:
    """Load the tables once."""
    import yaml

    data = yaml.safe_load((Path(__file__).with_name("effects.yaml")).read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        name: frozenset(value.split()) if isinstance(value, str) else value for name, value in data.items()
    }
    return Effects(**{known.name: values[known.name] for known in fields(Effects)})
