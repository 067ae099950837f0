"""Injected randomness: every generator that nobody seeded starts from one seed, so that two runs draw the same."""

from __future__ import annotations

import hashlib
import random
import sys
from typing import Any, Callable

from .fingerprint import fingerprint


class Injection:
    """Seeds the global generators, and those made without a seed in the order of their creation.

    Args:
        seed: The seed injected.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.made = 0

    def begin(self) -> None:
        """Seed what is loaded, and hook what is loaded later."""
        random.seed(self.seed)
        for name in ("numpy", "torch"):
            if name in sys.modules:
                self.hook(name)
        sys.meta_path.insert(0, _Finder(self))

    def hook(self, name: str) -> None:
        """Seed a library that has just been loaded."""
        if name == "numpy":
            self.numpy()
        elif name == "torch":
            import torch

            torch.manual_seed(self.seed)

    def derived(self) -> int:
        """Return the seed of the next generator that nobody seeded."""
        self.made += 1
        text = f"{self.seed}:{self.made}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:4], "little")

    def numpy(self) -> None:
        import numpy as np

        np.random.seed(self.seed % 2**32)
        original: Callable[..., Any] = np.random.default_rng

        def default_rng(seed: Any = None) -> Any:
            return original(self.derived() if seed is None else seed)

        default_rng.__doc__ = original.__doc__
        np.random.default_rng = default_rng  # type: ignore[assignment]


class _Finder:
    """Notices when a library has been loaded; it finds nothing itself."""

    def __init__(self, injection: Injection) -> None:
        self.injection = injection
        self.waiting = {"numpy", "torch"} - set(sys.modules)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.waiting:
            return None
        self.waiting.discard(name)
        import importlib.util

        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            self.injection.hook(name)

        loader.exec_module = exec_module
        return spec


def inject(seed: int) -> None:
    """Seed everything that nobody else seeds, now and for libraries loaded later."""
    Injection(seed).begin()


def states() -> dict[str, str]:
    """Return a digest of the state of each global generator."""
    found = {"random": str(hash(random.getstate()))}
    if "numpy.random" in sys.modules:
        numpy = sys.modules["numpy"]
        state = numpy.random.get_state(legacy=False)["state"]
        key = state["key"] if isinstance(state, dict) and "key" in state else state
        position = state.get("pos", 0) if isinstance(state, dict) else 0
        found["numpy"] = hashlib.blake2b(
            getattr(key, "tobytes", lambda: repr(key).encode())(), digest_size=8
        ).hexdigest()
        found["numpy"] += f":{position}"
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_rng_state"):
        found["torch"] = fingerprint(torch.get_rng_state())
    return found
