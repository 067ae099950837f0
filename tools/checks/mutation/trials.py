"""Runs the tests on mutants, two at a time, in processes that have the libraries loaded already."""

import ast
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.checks.mutation.model import Mutant
from tools.checks.request import CheckRequest
from tools.checks.scratch import scratch_copy
from tools.checks.tracking import tracking_environment
from tools.sandbox import run

AT_A_TIME = 2
SERVER = Path(__file__).with_name("server.py")
_OWN = frozenset({"src", "tests", "pipelines", "conftest"})


@dataclass(frozen=True)
class Trial:
    """A mutant and what the tests made of it.

    Attributes:
        mutant: The mutant.
        killed: The tests failed on it, or did not end.
        by: Name of the first test that failed; empty where none did.
    """

    mutant: Mutant
    killed: bool
    by: str = ""


def tried(request: CheckRequest, mutants: Sequence[Mutant], until: float, tree: Mapping[str, str]) -> list[Trial]:
    """Try mutants until all are tried or the time is spent; those not reached are left out.

    Args:
        request: For interpreter and limits.
        mutants: In the order of trial.
        until: End, by the monotonic clock.
        tree: Text of the Python files, for the libraries to load beforehand.
    """
    preload = libraries(tree)
    shares = [[(n, m) for n, m in enumerate(mutants) if n % AT_A_TIME == k] for k in range(AT_A_TIME)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(lambda share: _served(request, share, until, preload), [s for s in shares if s])
    return [trial for _, trial in sorted(((n, t) for part in found for n, t in part), key=lambda pair: pair[0])]


def libraries(tree: Mapping[str, str]) -> list[str]:
    """Return the modules of other libraries that a tree imports, sorted.

    Args:
        tree: Text files by path.
    """
    found: set[str] = set()
    for path in sorted(tree):
        if not path.endswith(".py"):
            continue
        try:
            module = ast.parse(tree[path])
        except SyntaxError:
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mlflow":
                found.add(f"mlflow.{node.attr}")
    return sorted(name for name in found if name.partition(".")[0] not in _OWN | set(sys.stdlib_module_names))


def _served(
    request: CheckRequest, share: Sequence[tuple[int, Mutant]], until: float, preload: Sequence[str]
) -> list[tuple[int, Trial]]:
    interpreter = request.environment.interpreter
    left = until - time.monotonic()
    if left <= 1:
        return []
    with tempfile.TemporaryDirectory(prefix="mutants-") as name, scratch_copy(request.tree) as tree:
        folder = Path(name)
        shutil.copyfile(SERVER, folder / "server.py")
        asked = {
            "preload": list(preload),
            "jobs": [{"number": n, "file": m.file, "text": m.text} for n, m in share],
            "until": left,
            "results": str(folder / "results.jsonl"),
        }
        (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")
        run(
            [interpreter.path, str(folder / "server.py"), str(folder / "request.json")],
            cwd=tree,
            limits=request.limits.model_copy(update={"seconds": left + 5}),
            writable=[folder],
            readable=interpreter.folders(),
            env=tracking_environment(interpreter, tree),
            loopback=True,
        )
        results = folder / "results.jsonl"
        lines = results.read_text(encoding="utf-8").splitlines() if results.is_file() else []
    return _trials(dict(share), lines)


def _trials(mutants: Mapping[int, Mutant], lines: Sequence[str]) -> list[tuple[int, Trial]]:
    found = []
    for line in lines:
        try:
            result = json.loads(line)
        except ValueError:
            break
        number, code = int(result["number"]), result["code"]
        if number in mutants:
            by = str(result["by"]) if code is not None else "the time limit"
            found.append((number, Trial(mutants[number], killed=code != 0, by=by)))
    return found
