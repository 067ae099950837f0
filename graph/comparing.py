"""Whether a tree with proposals may take the place of the last accepted one: pure functions of two reviews."""

import ast
from collections.abc import Mapping, Sequence

from graph.improvement import Reviewed
from graph.routing import errors
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult

MENDED = ("ruff", "mypy", "format")
"""Checks whose findings in generated modules the hardener mends or silences."""
_VERDICTS = ("failed", "unproven", "verified")
_EQUIVALENCE = ("different", "unproven", "proven")


def spoiled(new: Reviewed, old: Reviewed) -> str:
    """Say what a tree lost against the last accepted one, or return an empty string.

    Args:
        new: Review of the tree with proposals, without an error.
        old: Review of the last accepted tree.
    """
    if _VERDICTS.index(new.verdict) < _VERDICTS.index(old.verdict):
        return f"the verdict would fall from {old.verdict} to {new.verdict}: {new.reason}"
    lost = _equivalence_lost(new.equivalence, old.equivalence) or _check_lost(new.checks, old.checks)
    if lost:
        return lost
    killed, before = mutation_score(new.checks), mutation_score(old.checks)
    if before is not None and (killed is None or killed < before):
        now = "could not be measured" if killed is None else f"would fall to {killed:.2f}"
        return f"the mutation score was {before:.2f} and {now}"
    for file, count in sorted(old.tests.items()):
        if new.tests.get(file, 0) < count:
            return f"{file} had {count} tests and would have {new.tests.get(file, 0)}"
    if new.silenced > old.silenced:
        return f"{new.silenced - old.silenced} more lines would silence a type or lint code"
    return ""


def mendable(diagnostics: Sequence[Diagnostic]) -> bool:
    """Tell whether the policies know a repair of all errors: lint in modules, and tests that the tester leaves out."""
    blocking = errors(diagnostics)
    mended = [
        (d.check in MENDED and d.step == "harden") or (d.check == "pytest" and d.step == "test") for d in blocking
    ]
    return bool(blocking) and all(mended)


def spoken_against(diagnostics: Sequence[Diagnostic]) -> str:
    """Return what a review says against a tree: its first errors, in one sentence."""
    blocking = errors(diagnostics)
    said = []
    for found in blocking[:3]:
        place = f"{found.file}:{found.line}: " if found.line else f"{found.file}: " if found.file else ""
        said.append(f"{found.check or 'review'}: {place}{found.code}: {' '.join(found.message.split())[:200]}")
    more = f"; and {len(blocking) - 3} more errors" if len(blocking) > 3 else ""
    return "; ".join(said) + more


def mutation_score(checks: Sequence[CheckResult]) -> float | None:
    """Return the share of mutants that the generated tests killed; None where it was not measured."""
    for check in checks:
        if check.name == "mutation" and check.status != "skipped":
            killed, _, rest = check.summary.partition(" of ")
            total = rest.split(" ", 1)[0]
            if killed.isdigit() and total.isdigit() and int(total):
                return round(int(killed) / int(total), 4)
    return None


def count_tests(tree: Mapping[str, str]) -> dict[str, int]:
    """Return the number of tests in each test file.

    Args:
        tree: Text files by path.
    """
    found = {}
    for path, text in sorted(tree.items()):
        if path.startswith("tests/test_") and path.endswith(".py"):
            try:
                module = ast.parse(text)
            except SyntaxError:
                continue
            found[path] = sum(isinstance(n, ast.FunctionDef) and n.name.startswith("test") for n in ast.walk(module))
    return found


def _equivalence_lost(new: EquivalenceResult | None, old: EquivalenceResult | None) -> str:
    if old is None:
        return ""
    if new is None or _EQUIVALENCE.index(new.status) < _EQUIVALENCE.index(old.status):
        return f"equivalence was {old.status} and would be {new.status if new else 'not compared'}"
    if old.status == "proven" and new.compared < old.compared:
        return f"{old.compared} values were compared and only {new.compared} would be"
    return ""


def _check_lost(new: Sequence[CheckResult], old: Sequence[CheckResult]) -> str:
    now = {check.name: check for check in new}
    for check in old:
        if check.status == "passed" and check.name != "mutation":
            found = now.get(check.name)
            if check.name == "steps" and found is None:
                continue
            if found is None or found.status != "passed":
                return f"check {check.name} passed and would be {found.status if found else 'missing'}"
    return ""
