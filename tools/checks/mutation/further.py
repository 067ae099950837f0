"""Which of some further tests are worth keeping: clean, passing, and the first to notice a mutant that survived."""

import ast
import time
from collections.abc import Sequence
from dataclasses import replace

from tools.checks.lint import check_lint
from tools.checks.model import Diagnostic
from tools.checks.mutation.check import tree_texts
from tools.checks.mutation.mutants import all_mutants
from tools.checks.mutation.trials import tried
from tools.checks.request import CheckRequest
from tools.checks.scratch import scratch_copy
from tools.checks.tests import failed_tests
from tools.checks.types import check_types

MOST = 40
"""Surviving mutants that tests are tried on."""


def problems(request: CheckRequest, file: str, text: str, survivors: Sequence[Diagnostic]) -> dict[str, str]:
    """Say of each test of a file why it is not worth keeping; those that are, are missing.

    Args:
        request: With the repository as it was reviewed; `seconds` bounds the trials.
        file: Path of the test file.
        text: Its text; formatted.
        survivors: Mutants that no test notices, as the check `mutation` names them.
    """
    names = _lines(text)
    found: dict[str, str] = {}
    with scratch_copy(request.tree) as tree:
        (tree / file).write_text(text, encoding="utf-8")
        here = request.model_copy(update={"tree": tree})
        for check in (check_lint, check_types):
            for diagnostic in check(here).result.diagnostics:
                if diagnostic.file == file:
                    said = f"{diagnostic.check}: {diagnostic.code}: {diagnostic.message}"
                    for name in _at(names, diagnostic.line):
                        found.setdefault(name, said)
        for name, why in failed_tests(here, file).items():
            found.setdefault(name, why)
        kept = [name for name in names if name not in found]
        if not kept:
            return found
        for other in sorted(tree.glob("tests/test_*.py")):
            other.unlink()
        (tree / file).write_text(without(text, set(found)), encoding="utf-8")
        killers = _killers(here, survivors)
    for name in kept:
        if name not in killers:
            found[name] = "it notices no fault that the other tests do not notice"
    return found


def without(text: str, names: set[str]) -> str:
    """Return the text of a test file without some of its tests.

    Args:
        text: Of the file.
        names: Of the tests.
    """
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            del lines[first - 1 : node.end_lineno]
    return "".join(lines)


def _killers(request: CheckRequest, survivors: Sequence[Diagnostic]) -> set[str]:
    """Return the tests that are the first to fail on a surviving mutant."""
    texts = tree_texts(request.tree)
    wanted = {(d.file, d.line, d.message) for d in survivors}
    mutants = [
        replace(m, rank=0)
        for m in all_mutants(texts)
        if any((m.file, m.line) == (f, n) and f"`{m.before}` as `{m.after}`" in said for f, n, said in wanted)
    ]
    trials = tried(request, mutants[:MOST], time.monotonic() + max(30.0, request.seconds), texts)
    return {trial.by.partition("[")[0] for trial in trials if trial.killed}


def _lines(text: str) -> dict[str, tuple[int, int]]:
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found[node.name] = (first, node.end_lineno or node.lineno)
    return found


def _at(names: dict[str, tuple[int, int]], line: int) -> list[str]:
    """Return the test that a line belongs to; all of them where it belongs to none."""
    return [name for name, (first, last) in names.items() if first <= line <= last] or list(names)
