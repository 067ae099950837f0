"""Does the plan warn of what a reviewer must know, such as leakage?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_warnings(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the expected warning codes that the plan carries, and of the expected run order."""
    if sample.expected is None:
        return NOTHING
    listed = record.plan.get("warnings") or ()
    found = {str(warning.get("code", "")) if isinstance(warning, dict) else str(warning) for warning in listed}
    outcomes = {code: any(code == f or code in f for f in found) for code in sample.expected.warnings}
    if sample.expected.order is not None:
        order = record.plan.get("order") or {}
        kind = order.get("kind", "") if isinstance(order, dict) else str(order)
        outcomes[f"order {sample.expected.order}"] = sample.expected.order in kind
    if not outcomes:
        return NOTHING
    missed = [name for name, right in outcomes.items() if not right]
    return Judgement(value=1 - len(missed) / len(outcomes), detail=f"missing: {', '.join(missed)}" if missed else "")
