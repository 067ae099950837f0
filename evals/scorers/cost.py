"""What did the chat model cost?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample, Unit


def score_tokens(sample: Sample, record: RunRecord) -> Judgement:
    """Return the tokens of all model calls; nothing where no model was used."""
    return _spent(record, "tokens", "tokens")


def score_usd(sample: Sample, record: RunRecord) -> Judgement:
    """Return the dollars of all model calls; nothing where no model was used or its price is unknown."""
    return _spent(record, "usd", "usd")


def _spent(record: RunRecord, key: str, unit: Unit) -> Judgement:
    value = ((record.run.get("budget") or {}).get("spent") or {}).get(key)
    return Judgement(value=float(value), unit=unit) if isinstance(value, int | float) and value else NOTHING
