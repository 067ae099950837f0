"""How many mutants do the generated tests kill?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_mutation(sample: Sample, record: RunRecord) -> Judgement:
    """Return the mutation score; nothing where it was not measured."""
    value = record.run.get("mutation_score")
    return Judgement(value=float(value)) if isinstance(value, int | float) else NOTHING
