"""Injected randomness: every generator that nobody seeded starts from one seed, so that two runs draw the same."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import random
import sys
import sysconfig
import uuid
from typing import Any, Callable

from .fingerprint import fingerprint

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class Injection:
    """Seeds the global generators, and those made without a seed.

    Seeds derive from the order of creation, counted apart for the user's own code and for each library module: what a
    library of the package makes for itself does not shift the generators of the experiment.

    Args:
        seed: The seed injected.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.made: dict[str, int] = {}

    def begin(self) -> None:
        """Seed what is loaded, and hook what is loaded later."""
        random.seed(self.seed)
        self.standard_library()
        when_loaded({"numpy": self.numpy, "torch": self.torch})

    def derived(self, bits: int = 128) -> int:
        """Return the seed of the next generator that nobody seeded."""
        owner = _caller()
        self.made[owner] = self.made.get(owner, 0) + 1
        text = f"{self.seed}:{owner}:{self.made[owner]}".encode()
        number = int.from_bytes(hashlib.sha256(text).digest(), "little")
        return number & ((1 << bits) - 1)

    def standard_library(self) -> None:
        """Make `random.Random()`, `uuid.uuid4()` and `os.urandom()` of the user's own code repeatable."""
        plain, unique, entropy = random.Random, uuid.uuid4, os.urandom

        class Random(plain):  # type: ignore[misc,valid-type]
            def __init__(inner, x: Any = None) -> None:  # noqa: N805
                super().__init__(self.derived() if x is None and _caller() == "" else x)

        Random.__module__, Random.__qualname__ = "random", "Random"

        def uuid4() -> uuid.UUID:
            return uuid.UUID(int=self.derived(), version=4) if _caller() == "" else unique()

        def urandom(size: int, /) -> bytes:
            if _caller() != "":
                return entropy(size)
            return plain(self.derived()).getrandbits(8 * size).to_bytes(size, "little") if size else b""

        random.Random = Random  # type: ignore[misc]
        uuid.uuid4, os.urandom = uuid4, urandom

    def numpy(self) -> None:
        """Seed numpy's global generator, and the entropy that all its other generators start from."""
        import numpy as np

        np.random.seed(self.seed % 2**32)
        bit_generator = getattr(np.random, "bit_generator", None)
        if hasattr(bit_generator, "randbits"):
            bit_generator.randbits = self.derived  # type: ignore[union-attr]

    def torch(self) -> None:
        """Seed torch."""
        import torch

        torch.manual_seed(self.seed)


def _library_folders() -> tuple[str, ...]:
    """Return the folders of the standard library and of installed distributions."""
    found = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    for entry in sys.path:
        with contextlib.suppress(OSError):
            if entry and any(name.endswith(".dist-info") for name in os.listdir(entry)):
                found.add(os.path.abspath(entry))
    return tuple(sorted(folder + os.sep for folder in found))


_LIBRARIES = _library_folders()


def _caller() -> str:
    """Return the module of the library that asks; empty where the user's own code does."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    if frame.f_code.co_filename.startswith(_LIBRARIES):
        return str(frame.f_globals.get("__name__", "?"))
    return ""


def when_loaded(hooks: dict[str, Callable[[], None]]) -> None:
    """Call a hook right after its module has been loaded; at once where it is loaded already."""
    waiting = {}
    for name, hook in hooks.items():
        if name in sys.modules:
            hook()
        else:
            waiting[name] = hook
    if waiting:
        sys.meta_path.insert(0, _Finder(waiting))


class _Finder:
    """Notices when a library has been loaded; it finds nothing itself."""

    def __init__(self, waiting: dict[str, Callable[[], None]]) -> None:
        self.waiting = waiting

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the spec that the other finders give, with the hook behind its loading."""
        hook = self.waiting.pop(name, None)
        if hook is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            hook()

        loader.exec_module = exec_module
        return spec


def inject(seed: int) -> None:
    """Seed everything that nobody else seeds, now and for libraries loaded later."""
    Injection(seed).begin()


def states() -> dict[str, str]:
    """Return a digest of the state of each global generator."""
    found = {"random": hashlib.blake2b(repr(random.getstate()).encode(), digest_size=8).hexdigest()}
    numpy = sys.modules.get("numpy")
    if "numpy.random" in sys.modules and numpy is not None:
        found["numpy"] = fingerprint(numpy.random.get_state(legacy=False))
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_rng_state"):
        found["torch"] = fingerprint(torch.get_rng_state())
    return found
