"""The reviewer: runs every check on a tree and says what was proven."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Literal

from guardrails.rules.check import check_conventions
from tools.checks.model import STEPS, CheckResult, Diagnostic, EquivalenceResult, Step
from tools.checks.owner import is_broken_code
from tools.checks.registry import CHECKS as TOOL_CHECKS
from tools.checks.request import Check, CheckRequest, Outcome
from tools.errors import UserError
from tools.frozen import Frozen
from tools.spans import span

AT_A_TIME = 2
QUICK = frozenset({"ruff", "format", "mypy"})
"""Static checks: what runs the package waits until they pass, so that a round that sends work back is short."""
LAST = "mutation"
"""Runs alone and last, when nothing else has failed: it judges the tests, not the package."""
CHECKS: dict[str, Check] = {**TOOL_CHECKS, "conventions": check_conventions}
Verdict = Literal["verified", "unproven", "failed"]


class Review(Frozen):
    """What the checks say of one tree.

    Attributes:
        results: Of every check, in the order of the registry.
        equivalence: The comparison of notebook and package; None where there was none.
        diagnostics: Findings of all checks, those of earlier steps first, errors before warnings.
        verdict: `verified` (all pass, equivalence proven), `unproven` (all that ran pass), `failed`.
        reason: Why it is not `verified`; else empty.
    """

    results: tuple[CheckResult, ...]
    equivalence: EquivalenceResult | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    verdict: Verdict = "failed"
    reason: str = ""


def review(request: CheckRequest, checks: Mapping[str, Check] | None = None) -> Review:
    """Run the checks of a tree, two at a time, and judge it.

    Args:
        request: The tree and what it is checked against.
        checks: Checks by name; the registered ones by default.
    """
    registered = CHECKS if checks is None else checks
    outcomes = _side_by_side([name for name in registered if name in QUICK], registered, request)
    slow = [name for name in registered if name not in QUICK and name != LAST]
    if any(outcome.result.status == "failed" for outcome in outcomes.values()):
        outcomes |= {name: _left_out(name, "quick checks failed") for name in slow}
    else:
        outcomes |= _side_by_side(slow, registered, request)
    if LAST in registered:
        failed = any(outcome.result.status == "failed" for outcome in outcomes.values())
        outcomes[LAST] = _left_out(LAST, "other checks failed") if failed else _run(LAST, registered[LAST], request)
    results = tuple(outcomes[name].result for name in registered)
    equivalence = next((o.equivalence for o in outcomes.values() if o.equivalence is not None), None)
    diagnostics = reassigned([d for result in results for d in result.diagnostics], equivalence)
    verdict, reason = judged(results, equivalence)
    return Review(results=results, equivalence=equivalence, diagnostics=diagnostics, verdict=verdict, reason=reason)


def judged(results: Sequence[CheckResult], equivalence: EquivalenceResult | None) -> tuple[Verdict, str]:
    """Return the verdict and the reason for it (design, section 6).

    Args:
        results: Of all checks.
        equivalence: The comparison, where there was one.
    """
    failed = [result for result in results if result.status == "failed"]
    if failed:
        return "failed", "; ".join(f"{result.name}: {result.summary}" for result in failed)
    if equivalence is None or equivalence.status == "unproven":
        return "unproven", (
            equivalence.reason if equivalence else ""
        ) or "the notebook and the package were not compared"
    if equivalence.status == "different":
        return "failed", f"equivalence: {equivalence.equal} of {equivalence.compared} values equal"
    skipped = [result for result in results if result.status == "skipped" and result.name != LAST]
    if skipped:
        return "unproven", "; ".join(f"{result.name} did not run: {result.summary}" for result in skipped)
    return "verified", ""


def reassigned(diagnostics: Sequence[Diagnostic], equivalence: EquivalenceResult | None) -> tuple[Diagnostic, ...]:
    """Return the diagnostics sorted by step, with tests blamed only where the package itself is proven.

    A test that ends with an exception in the package points at the package; where the package computes from end to end
    what the notebook computed, it is the test that calls it wrongly. Where it computes something else, tests fail for
    that, and the step that mends the package takes them along: a test is not given up for being right.

    Args:
        diagnostics: Findings of all checks.
        equivalence: The comparison, where there was one.
    """
    proven = equivalence is not None and equivalence.status == "proven"
    wrong = next((d.step for d in diagnostics if d.check == "equivalence" and d.severity == "error"), None)
    owner: Step | None = "test" if proven else wrong
    moved = [
        d.model_copy(update={"step": owner})
        if owner and d.check == "pytest" and d.step in ("test", "structure") and not is_broken_code(d.code)
        else d
        for d in diagnostics
    ]
    return tuple(sorted(moved, key=lambda d: (STEPS.index(d.step), d.severity != "error", d.check != "equivalence")))


def _run(name: str, check: Check, request: CheckRequest) -> Outcome:
    if name in request.config.skip:
        return Outcome(result=CheckResult(name=name, status="skipped", summary="left out by the configuration"))
    began = time.monotonic()
    with span(name, "check") as told:
        try:
            outcome = check(request)
        except UserError as error:
            seconds = time.monotonic() - began
            outcome = Outcome(result=CheckResult(name=name, status="skipped", seconds=seconds, summary=str(error)))
        told.attributes |= {"status": outcome.result.status, "summary": outcome.result.summary}
    return outcome


def _side_by_side(names: Sequence[str], registered: Mapping[str, Check], request: CheckRequest) -> dict[str, Outcome]:
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        begun = [pool.submit(copy_context().run, _run, name, registered[name], request) for name in names]
        return {name: future.result() for name, future in zip(names, begun, strict=True)}


def _left_out(name: str, why: str) -> Outcome:
    return Outcome(result=CheckResult(name=name, status="skipped", summary=f"not run: {why}"))
