"""The names that `from module import *` brings, found without running the notebook."""

import importlib.util
import json
import subprocess
import sys
from functools import lru_cache

_PROGRAM = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
module = importlib.import_module(sys.argv[1])
names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
sys.__stdout__.write("\\n" + json.dumps(sorted(set(names))))
"""


@lru_cache(maxsize=256)
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
        names = json.loads(done.stdout.rsplit("\n", 1)[-1])
    except ValueError:
        return None
    return tuple(names)


def _installed(root: str) -> bool:
    if root in sys.stdlib_module_names:
        return True
    try:
        spec = importlib.util.find_spec(root)
    except (ImportError, ValueError):
        return False
    return spec is not None and bool(spec.origin and ("site-packages" in spec.origin or "dist-packages" in spec.origin))
