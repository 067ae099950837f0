"""Is the verdict the expected one?"""

from evals.model import Judgement, RunRecord, Sample


def score_verdict(sample: Sample, record: RunRecord) -> Judgement:
    """Return 1 where the verdict is as expected; without an expectation, where it is `verified`."""
    wanted = (sample.expected.verdict if sample.expected else None) or "verified"
    found = record.run.get("verdict") or "none"
    if found == wanted:
        return Judgement(value=1.0)
    reason = record.run.get("reason") or record.error.splitlines()[-1:] or ""
    text = reason if isinstance(reason, str) else reason[0]
    return Judgement(value=0.0, detail=f"{found} instead of {wanted}" + (f": {text}" if text else ""))
