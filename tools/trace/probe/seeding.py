"""Notes which global generators a statement seeds, and in which state that left them."""

from __future__ import annotations

import random
import sys
from typing import Any, Callable

from .randomness import states, when_loaded


class Seeding:
    """Watches the functions that seed the global generators."""

    def __init__(self) -> None:
        self.seeded: dict[str, str] = {}
        random.seed = self.watched(random.seed, "random")
        when_loaded({"numpy": self.numpy, "torch": self.torch})

    def numpy(self) -> None:
        """Watch `numpy.random.seed`."""
        random_module = sys.modules["numpy"].random
        random_module.seed = self.watched(random_module.seed, "numpy")

    def torch(self) -> None:
        """Watch `torch.manual_seed`."""
        torch: Any = sys.modules["torch"]
        torch.manual_seed = self.watched(torch.manual_seed, "torch")

    def watched(self, original: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return a seeding function that does the same and is noticed; without a value it seeds nothing."""

        def seed(*arguments: Any, **named: Any) -> Any:
            result = original(*arguments, **named)
            if any(value is not None for value in (*arguments, *named.values())):
                self.seeded[name] = states().get(name, "")
            return result

        seed.__name__, seed.__doc__ = getattr(original, "__name__", "seed"), original.__doc__
        return seed

    def take(self) -> dict[str, str]:
        """Return the state after seeding of each generator seeded since the last call."""
        seeded, self.seeded = self.seeded, {}
        return seeded
