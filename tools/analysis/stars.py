"""The names that `from module import *` brings, found without running the notebook."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache

_PROGRAM = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
module = importlib.import_module(sys.argv[1])
names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
kind = type(sys)
modules = {n: vars(module)[n].__name__ for n in sorted(set(names)) if isinstance(vars(module).get(n), kind)}
sys.__stdout__.write("\\n" + json.dumps([sorted(set(names)), modules]))
"""


def star_names(module: str, seconds: float = 30.0) -> tuple[str, ...] | None:
    """Return the names that a star import of an installed library binds, sorted.

    The library is imported in a process of its own; modules that are not installed (the user's own) are never looked
    for.

    Args:
        module: Dotted name; relative ones are the user's own.
        seconds: Time limit for the import.

    Returns:
        The names, or None where they are not known.
    """
    found = _introspected(module, seconds)
    return None if found is None else found[0]


def star_modules(module: str, seconds: float = 30.0) -> Mapping[str, str]:
    """Return the modules among what a star import of an installed library binds, by name: `np` is `numpy`.

    Args:
        module: Dotted name.
        seconds: Time limit for the import.
    """
    found = _introspected(module, seconds)
    return {} if found is None else found[1]


@lru_cache(maxsize=256)
def _introspected(module: str, seconds: float) -> tuple[tuple[str, ...], Mapping[str, str]] | None:
    root = module.split(".")[0]
    if not root or not _installed(root):
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, module],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    if done.returncode:
        return None
    try:
        names, modules = json.loads(done.stdout.rsplit("\n", 1)[-1])
    except ValueError:
        return None
    return tuple(names), modules


def _installed(root: str) -> bool:
    if root in sys.stdlib_module_names:
        return True
    try:
        spec = importlib.util.find_spec(root)
    except (ImportError, ValueError):
        return False
    return spec is not None and bool(spec.origin and ("site-packages" in spec.origin or "dist-packages" in spec.origin))
