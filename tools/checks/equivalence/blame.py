"""Which dropped statement caused a difference: found by experiment, not guessed."""

from collections.abc import Callable, Sequence

from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.notebook_runs import KeptCapture, run_notebook
from tools.checks.model import Difference
from tools.checks.request import CheckRequest
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan


def culprit(
    request: CheckRequest, facts: NotebookFacts, plan: ExtractionPlan, first: KeptCapture, difference: Difference
) -> str:
    """Return the dropped statement without which the slice computes another value; empty where none is found.

    The slice is run with dropped statements put back, halving their number each time.

    Args:
        request: For interpreter, limits and cache.
        facts: Of the notebook.
        plan: That dropped the statement.
        first: A run of the whole notebook.
        difference: The first value of the slice that differs from it.
    """
    wanted = first.capture.values.get(difference.key)
    if wanted is None or difference.statement not in facts.order:
        return ""
    kept = set(plan.order)
    until = facts.order.index(difference.statement)
    imports = {i for i in facts.order if facts.statements[i].kind == "import"}
    dropped = [i for i in facts.order[:until] if i not in kept and i not in imports]
    points = [point for point in capture_points(plan, facts) if point.key == difference.key]

    def mended(added: Sequence[str]) -> bool:
        chosen = kept | imports | set(added)
        order = [i for i in facts.order if i in chosen]
        run = run_notebook(request, facts.notebook, order, points, first.capture.seed)
        found = run.capture.values.get(difference.key)
        return found is not None and found.value.fingerprint == wanted.value.fingerprint

    return decisive(dropped, mended)


def decisive(candidates: Sequence[str], enough: Callable[[Sequence[str]], bool]) -> str:
    """Return the last of the fewest first candidates that are enough; empty where all are not enough.

    What a candidate needs comes before it, so each trial can run.

    Args:
        candidates: In order.
        enough: Tells whether some of them, from the first on, are enough.
    """
    if not candidates or not enough(candidates):
        return ""
    low, high = 0, len(candidates)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(candidates[:middle]) else (middle, high)
    return candidates[high - 1]
