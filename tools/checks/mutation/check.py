"""Mutation testing: the generated tests must fail on broken copies of the package."""

import time
from collections.abc import Sequence
from pathlib import Path

from tools.checks.model import CheckResult, Diagnostic
from tools.checks.mutation.model import Mutant
from tools.checks.mutation.mutants import all_mutants, chosen
from tools.checks.mutation.trials import Trial, tried
from tools.checks.request import CheckRequest, Outcome

MOST = 60


def check_mutation(request: CheckRequest) -> Outcome:
    """Run the tests on mutants, two at a time, until all are tried or the time is spent.

    Args:
        request: `seconds` bounds the check, `config.mutation_score` makes a low score an error.
    """
    began = time.monotonic()
    if request.seconds <= 0:
        return _skipped("left out", began)
    if "pytest" in request.environment.missing:
        return _skipped(f"pytest {request.environment.missing['pytest']}", began)
    tree = tree_texts(request.tree)
    mutants = all_mutants(tree)
    if not mutants:
        return _skipped("there is nothing to change", began)
    trials = tried(request, chosen(mutants, MOST), began + request.seconds, tree)
    if not trials:
        return _skipped("the tests do not pass or take longer than the time for mutants", began)
    return _outcome(request, trials, len(mutants), began)


def _outcome(request: CheckRequest, trials: Sequence[Trial], total: int, began: float) -> Outcome:
    killed = sum(1 for trial in trials if trial.killed)
    score = killed / len(trials)
    least = request.config.mutation_score
    surviving = tuple(_survivor(trial.mutant) for trial in trials if not trial.killed)
    summary = f"{killed} of {len(trials)} mutants killed"
    summary += f" ({total} in all)" if total > len(trials) else ""
    low = Diagnostic(
        code="mutation",
        message=f"the tests kill {score:.0%} of the mutants, {least:.0%} are asked for (checks.mutation_score)",
        check="mutation",
        file="tests/",
        step="test",
    )
    diagnostics = (*((low,) if score < least else ()), *surviving)
    return Outcome(
        result=CheckResult(
            name="mutation",
            status="failed" if score < least else "passed",
            seconds=time.monotonic() - began,
            summary=summary,
            diagnostics=diagnostics,
        )
    )


def _survivor(mutant: Mutant) -> Diagnostic:
    return Diagnostic(
        code="mutant",
        message=f"no test notices: {mutant.kind}, `{mutant.before}` as `{mutant.after}`",
        severity="warning",
        check="mutation",
        file=mutant.file,
        line=mutant.line,
        step="test",
    )


def _skipped(why: str, began: float) -> Outcome:
    seconds = time.monotonic() - began
    return Outcome(result=CheckResult(name="mutation", status="skipped", seconds=seconds, summary=why))


def tree_texts(tree: Path) -> dict[str, str]:
    """Return the text of the sources, tests and settings of a repository by path."""
    paths = [path for top in ("src", "tests") for path in sorted((tree / top).rglob("*.py"))]
    paths += sorted((tree / "configs").glob("*.yaml"))
    return {path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8") for path in paths}
