"""How many of the compared values are equal?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_equivalence(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of compared values that notebook and package agree on; nothing where none was compared."""
    result = record.run.get("equivalence") or {}
    compared, equal = int(result.get("compared") or 0), int(result.get("equal") or 0)
    if not compared:
        return NOTHING
    differences = result.get("differences") or []
    return Judgement(value=equal / compared, detail=str(differences[0])[:120] if differences else "")
