"""How long does a whole run take?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_seconds(sample: Sample, record: RunRecord) -> Judgement:
    """Return the wall time of the run."""
    return Judgement(value=record.seconds, unit="seconds") if record.seconds else NOTHING
