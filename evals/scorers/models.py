"""Are the models found?"""

from evals.expected import alternatives
from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_models(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the expected models that the plan names."""
    if sample.expected is None or not sample.expected.models:
        return NOTHING
    listed = record.plan.get("models") or ()
    found = {str(model.get("name", "") if isinstance(model, dict) else model).lower() for model in listed}
    missed = [name for name in sample.expected.models if not found & set(alternatives(name))]
    total = len(sample.expected.models)
    return Judgement(value=(total - len(missed)) / total, detail=f"missing: {', '.join(missed)}" if missed else "")
