"""Do linter, type checker and tests pass on the generated repository?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_checks(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the checks that ran and passed."""
    results = [check for check in record.run.get("checks") or () if check.get("status") in ("passed", "failed")]
    if not results:
        return NOTHING if record.run else Judgement(value=0.0, detail="no result")
    failed = [f"{check.get('name')}: {check.get('summary', '')}" for check in results if check["status"] == "failed"]
    return Judgement(value=1 - len(failed) / len(results), detail="; ".join(failed)[:160])
