"""Values that the notebook itself does not repeat under one seed: no seed holds them, so they are judged by spread."""

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.compare import Comparison
from tools.checks.equivalence.notebook_runs import KeptCapture, run_notebook
from tools.checks.request import CheckRequest
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan


def unrepeatable(
    request: CheckRequest,
    facts: NotebookFacts,
    plan: ExtractionPlan,
    first: KeptCapture,
    comparison: Comparison,
) -> dict[str, str]:
    """Run the notebook once more under the same seed and return the keys whose values it does not repeat.

    Args:
        request: For interpreter, limits and cache.
        facts: Of the notebook.
        plan: In force.
        first: Its run under the first seed.
        comparison: With differences: what is equal needs no second run.
    """
    points = capture_points(plan, facts)
    again = run_notebook(request, facts.notebook, facts.order, points, first.capture.seed, repetition=1)
    found: dict[str, str] = {}
    for difference in comparison.differences:
        old, new = first.capture.values.get(difference.key), again.capture.values.get(difference.key)
        if old is not None and new is not None and old.value.fingerprint != new.value.fingerprint:
            found[difference.key] = f"the notebook itself does not repeat `{difference.variable}` under one seed"
    return found
