"""How much code is generated?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_size(sample: Sample, record: RunRecord) -> Judgement:
    """Return the lines of Python under `src/` of the generated repository, blank lines left out."""
    files = sorted(record.out.glob("src/**/*.py"))
    if not files:
        return NOTHING
    lines = sum(bool(line.strip()) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return Judgement(value=float(lines), unit="lines", detail=f"{len(files)} files")
