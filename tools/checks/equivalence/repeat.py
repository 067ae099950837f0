"""Values that the notebook itself does not repeat under one seed: no seed holds them, so they are judged by spread."""

from collections.abc import Collection, Sequence

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.notebook_runs import KeptCapture, run_notebook
from tools.checks.model import Difference
from tools.checks.request import CheckRequest
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan


def unrepeatable(
    request: CheckRequest,
    facts: NotebookFacts,
    plan: ExtractionPlan,
    first: KeptCapture,
    differences: Sequence[Difference],
) -> dict[str, str]:
    """Run the notebook once more under the same seed and return the keys whose values it does not repeat.

    Args:
        request: For interpreter, limits and cache.
        facts: Of the notebook.
        plan: In force.
        first: Its run under the first seed.
        differences: Between it and slice or package, under any seed: what is equal needs no second run.
    """
    points = capture_points(plan, facts)
    again = run_notebook(request, facts.notebook, facts.order, points, first.capture.seed, repetition=1)
    found: dict[str, str] = {}
    for difference in differences:
        old, new = first.capture.values.get(difference.key), again.capture.values.get(difference.key)
        if old is not None and new is not None and old.value.fingerprint != new.value.fingerprint:
            found[difference.key] = f"the notebook itself does not repeat `{difference.variable}` under one seed"
    return found | following(facts, differences, found)


def following(facts: NotebookFacts, differences: Sequence[Difference], unrepeated: Collection[str]) -> dict[str, str]:
    """Return the other keys that differ and come from what is not repeated: two runs may agree on them by chance.

    Args:
        facts: With the def-use edges.
        differences: Those found.
        unrepeated: Keys that the notebook does not repeat.
    """
    sources = {d.statement: d.variable for d in differences if d.key in unrepeated}
    found = {}
    for difference in differences:
        before = _ancestors(facts, difference.statement) if difference.key not in unrepeated else frozenset()
        roots = [name for statement, name in sources.items() if statement in before]
        if roots:
            found[difference.key] = (
                f"`{difference.variable}` follows from `{roots[0]}`, which the notebook itself does not repeat"
            )
    return found


def _ancestors(facts: NotebookFacts, statement: str) -> frozenset[str]:
    """Return a statement and those that it depends on, transitively."""
    seen: set[str] = set()
    todo = [statement]
    while todo:
        current = todo.pop()
        if current in facts.statements and current not in seen:
            seen.add(current)
            todo += [use.source for use in facts.statements[current].uses]
    return frozenset(seen)
