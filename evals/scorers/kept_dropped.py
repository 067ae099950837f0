"""Are the right statements kept and dropped?"""

from collections.abc import Iterable, Mapping

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_kept_dropped(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the statements named in the expectation that the plan decides as expected."""
    if sample.expected is None or not (sample.expected.kept or sample.expected.dropped):
        return NOTHING
    decided = {str(s.get("id")): bool(s.get("kept")) for s in record.plan.get("statements") or ()}
    wanted = dict.fromkeys(_statements(sample.expected.kept, decided), True)
    wanted |= dict.fromkeys(_statements(sample.expected.dropped, decided), False)
    wrong = [
        f"{name} {'dropped' if kept else 'kept'}" for name, kept in sorted(wanted.items()) if decided.get(name) != kept
    ]
    if not wanted:
        return Judgement(value=0.0, detail="no plan")
    return Judgement(value=1 - len(wrong) / len(wanted), detail=", ".join(wrong[:8]))


def _statements(entries: Iterable[str], decided: Mapping[str, bool]) -> list[str]:
    return [name for entry in entries for name in decided if name == entry or name.startswith(f"{entry}.")]
