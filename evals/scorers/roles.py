"""Are the roles of the cells recognised?"""

from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_roles(sample: Sample, record: RunRecord) -> Judgement:
    """Return the micro-F1 over all pairs of cell and role of the cells named in the expectation."""
    if sample.expected is None or not sample.expected.roles:
        return NOTHING
    cells = {f"c{cell.get('index')}": set(cell.get("roles") or ()) for cell in record.plan.get("cells") or ()}
    wanted = {(cell, role) for cell, roles in sample.expected.roles.items() for role in roles}
    found = {(cell, role) for cell in sample.expected.roles for role in cells.get(cell, set()) - {"other"}}
    right = len(wanted & found)
    value = 2 * right / (len(wanted) + len(found)) if wanted or found else 1.0
    missed = [f"{cell} no {role}" for cell, role in sorted(wanted - found)]
    excess = [f"{cell} {role}" for cell, role in sorted(found - wanted)]
    return Judgement(value=value, detail=", ".join([*missed, *excess][:8]))
