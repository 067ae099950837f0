"""Runs a notebook once and records what happened, statement by statement."""

import ast
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.environment import Interpreter, normalised
from tools.notebook.model import Notebook
from tools.sandbox import Limits
from tools.secrets import redact
from tools.trace.job import JobResult, run_job
from tools.trace.model import StatementTrace, Trace
from tools.trace.outputs import repeats_saved_outputs
from tools.workspace import sha256

OrderKind = str
_REASONS = {
    "document": "the notebook runs in document order",
    "execution count": "document order does not {why}; the order of the saved execution counts does",
    "dependency": "document order does not {why}; with definitions before their uses it does",
}


def trace_notebook(
    notebook: Notebook,
    *,
    interpreter: Interpreter,
    limits: Limits,
    order: Sequence[str] | None = None,
    final: Callable[[Trace], bool] | None = None,
) -> Trace:
    """Run a notebook in the sandbox, from a copy, and record what each statement did.

    Document order comes first; where it fails or contradicts the saved outputs, the order of the execution counts is
    tried, then one in which definitions come before uses. The first that runs and repeats the saved outputs wins, else
    the first that runs, else document order.

    Args:
        notebook: What to run.
        interpreter: In which.
        limits: Bounds of each run.
        order: Ids of all statements in the order wanted; None to find it.
        final: Tells of a run that failed that another order would not help.
    """
    if order is not None:
        return _traced(notebook, tuple(order), "document", interpreter, limits)
    first: Trace | None = None
    best: Trace | None = None
    for kind, ids in _orders(notebook):
        found = _traced(notebook, ids, kind, interpreter, limits)
        first = first or found
        if found.status != "ran":
            if found.error and found.error.kind in ("Timeout", "Stopped"):
                break
            if final is not None and final(found):
                return found
            continue
        if found.repeats_saved_outputs is not False:
            return _with_reason(found, first)
        best = best or found
    return _with_reason(best, first) if best else first or Trace(status="not run")


def _with_reason(found: Trace, first: Trace | None) -> Trace:
    why = "run" if first and first.status != "ran" else "repeat the saved outputs"
    reason = _REASONS[found.order_kind].format(why=why)
    if found.order_kind == "document" and found.repeats_saved_outputs:
        reason += " and repeats its saved outputs"
    elif found.order_kind == "document" and found.repeats_saved_outputs is False:
        reason += "; some saved outputs are not repeated"
    return found.model_copy(update={"order_reason": reason})


def _orders(notebook: Notebook) -> list[tuple[str, tuple[str, ...]]]:
    """Return the orders to try, without repetition."""
    from tools.analysis.names import statement_names
    from tools.analysis.order import by_dependency, by_execution_count

    names = {statement.id: statement_names(statement.code) for statement in notebook.statements()}
    found: list[tuple[str, tuple[str, ...]]] = []
    for kind, cells in (
        ("document", notebook.cells),
        ("execution count", by_execution_count(notebook.cells)),
        ("dependency", by_dependency(notebook.cells, names)),
    ):
        ids = tuple(statement.id for cell in cells for statement in cell.statements)
        if ids not in [known for _, known in found]:
            found.append((kind, ids))
    return found


def _traced(notebook: Notebook, order: tuple[str, ...], kind: str, interpreter: Interpreter, limits: Limits) -> Trace:
    with tempfile.TemporaryDirectory(prefix="notebook-trace-") as folder:
        done = run_job(notebook, order, "trace", interpreter, limits, Path(folder), stars=_stars(notebook))
    statements = {str(line["id"]): _statement(line, done) for line in done.lines if "id" in line and "bound" in line}
    last = done.lines[-1] if done.lines else {}
    modules = [str(name) for name in last.get("modules", [])]
    imports = _distributions(_imported(notebook), interpreter)
    return Trace.model_validate(
        {
            "status": "failed" if done.error else "ran",
            "order": order,
            "order_kind": kind,
            "order_reason": "",
            "statements": statements,
            "error": _without_paths(done),
            "seconds": done.completed.seconds,
            "python": interpreter.version,
            "packages": _versions(modules, interpreter),
            "imports": imports,
            "star_names": last.get("stars", {}),
            "local_modules": _local_modules(notebook, done, last.get("local_modules", [])),
            "input_files": _inputs(notebook, statements, order),
            "aliases": last.get("aliases", []),
            "signatures": last.get("signatures", {}),
            "sandbox": done.completed.layer,
            "repeats_saved_outputs": repeats_saved_outputs(notebook, statements) if not done.error else None,
        }
    )


def _statement(line: dict[str, Any], done: JobResult) -> StatementTrace:
    known = {key: value for key, value in line.items() if key in StatementTrace.model_fields}
    known["reads"] = sorted({_relative(path, done) for path in line["reads"]})
    known["writes"] = sorted({_relative(path, done) for path in line["writes"]})
    for field in ("stdout", "result_text"):
        known[field] = redact(known[field]).replace(str(done.layout.cwd), ".").replace(str(done.layout.root), "…")
    return StatementTrace.model_validate(known)


def _local_modules(notebook: Notebook, done: JobResult, paths: Sequence[str]) -> list[str]:
    """Return the user's own Python files among the modules loaded, relative to the notebook's folder."""
    found = sorted({_relative(path, done) for path in paths})
    return [path for path in found if (Path(notebook.path).parent / path).is_file()]


def _relative(path: str, done: JobResult) -> str:
    """Return a path relative to the notebook's folder where it lies below the copied root, else as it is."""
    layout = done.layout
    if path.startswith(str(layout.root) + os.sep):
        return os.path.relpath(path, layout.cwd)
    return path


def _without_paths(done: JobResult) -> dict[str, Any] | None:
    if done.error is None:
        return None
    root = str(done.layout.root)
    found = done.error.model_dump()
    for field in ("message", "traceback"):
        found[field] = found[field].replace(str(done.layout.cwd) + os.sep, "").replace(root, "<…>")
    return found


def _inputs(notebook: Notebook, statements: dict[str, StatementTrace], order: Sequence[str]) -> dict[str, str]:
    """Return the digests of the user's files that were read before the notebook itself wrote them."""
    written: set[str] = set()
    found: dict[str, str] = {}
    for identifier in order:
        traced = statements.get(identifier)
        if traced is None:
            continue
        for path in traced.reads:
            file = Path(notebook.path).parent / path
            if path not in written and path not in found and file.is_file():
                found[path] = sha256(file)
        written.update(traced.writes)
    return dict(sorted(found.items()))


def _stars(notebook: Notebook) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in notebook.statements():
        if "*" in statement.code and "import" in statement.code:
            for node in ast.walk(ast.parse(statement.code)):
                if isinstance(node, ast.ImportFrom) and node.module and any(a.name == "*" for a in node.names):
                    found[statement.id] = node.module
    return found


def _imported(notebook: Notebook) -> list[str]:
    """Return the top-level modules that the notebook's own code imports, sorted."""
    found: set[str] = set()
    for statement in notebook.statements():
        if "import" not in statement.code:
            continue
        for node in ast.walk(ast.parse(statement.code)):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return sorted(found)


def _distributions(modules: Sequence[str], interpreter: Interpreter) -> dict[str, str]:
    """Return the distribution of each module that one of the interpreter's packages provides."""
    owners = interpreter.modules
    return {module: owners[module] for module in modules if module in owners}


def _versions(modules: Sequence[str], interpreter: Interpreter) -> dict[str, str]:
    owned = {normalised(name) for name in _distributions(modules, interpreter).values()}
    return {name: version for name, version in interpreter.packages.items() if name in owned}
