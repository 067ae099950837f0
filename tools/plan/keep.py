"""Which statements are kept, and why each one is, or is not."""

from collections.abc import Sequence

from tools.analysis.model import NotebookFacts, StatementFacts
from tools.analysis.slicing import backward_slice, slice_reasons
from tools.plan.criteria import Criteria
from tools.plan.model import Constraint, Decision

DECLARED = frozenset(
    {
        "<warnings>",
        "<pandas options>",
        "<pandas display options>",
        "<matplotlib>",
        "<matplotlib rc>",
        "<numpy print options>",
        "<logging>",
        "<seaborn>",
    }
)
"""Process state that changes only what is shown."""

MOVE = "os.chdir"


def kept_statements(facts: NotebookFacts, criteria: Criteria, constraints: Sequence[Constraint]) -> frozenset[str]:
    """Return the ids of the kept statements, imports among them."""
    wanted = set(criteria.statements)
    wanted |= {c.target for c in constraints if c.kind == "keep" and c.target in facts.statements}
    if any(c.kind in ("keep-all", "one-function") for c in constraints):
        wanted |= {i for i in facts.order if not facts.statements[i].display_only}
    kept = backward_slice(facts.statements, facts.order, frozenset(wanted), declared=DECLARED)
    moves = [i for i in facts.order if MOVE in facts.statements[i].calls]
    if kept & set(moves):  # where one is kept, what is written later must not end up elsewhere
        wanted |= set(moves)
        kept = backward_slice(facts.statements, facts.order, frozenset(wanted), declared=DECLARED)
    return frozenset(i for i in kept if not _left_out(facts, i, kept, criteria))


def decisions(
    facts: NotebookFacts, criteria: Criteria, kept: frozenset[str], constraints: Sequence[Constraint]
) -> tuple[Decision, ...]:
    """Return one decision a statement, in document order."""
    reasons = slice_reasons(facts.statements, facts.order, criteria.statements, declared=DECLARED)
    asked = {c.target: c.reason for c in constraints if c.kind == "keep"}
    made = []
    for statement in facts.notebook.statements():
        identifier = statement.id
        if identifier in kept:
            reason = (
                asked.get(identifier)
                or _criterion(criteria, identifier)
                or reasons.get(identifier, "kept by a constraint")
            )
        else:
            reason = _dropped(facts, criteria, identifier)
        made.append(Decision(statement=identifier, kept=identifier in kept, reason=reason))
    return tuple(made)


def _left_out(facts: NotebookFacts, identifier: str, kept: frozenset[str], criteria: Criteria) -> bool:
    """Tell whether a statement only saves what the package saves itself, and nothing kept reads the file."""
    if identifier not in criteria.exports:
        return False
    return not any(use.source == identifier for other in kept for use in facts.statements[other].uses)


def _criterion(criteria: Criteria, identifier: str) -> str:
    metrics = [m.name for m in criteria.metrics if m.statement == identifier]
    if metrics:
        return f"computes {', '.join(dict.fromkeys(metrics))}"
    for model in criteria.models:
        if identifier in model.trained:
            return f"trains `{model.variable or model.name}`"
        if identifier == model.defined:
            return f"defines `{model.variable or model.name}`"
    return "saves what the notebook hands on" if any(a.statement == identifier for a in criteria.artefacts) else ""


def _dropped(facts: NotebookFacts, criteria: Criteria, identifier: str) -> str:
    found = facts.statements[identifier]
    if identifier in criteria.exports:
        return "saving: training writes it to the artefacts folder"
    if found.kind == "import":
        return "import of what nothing kept uses"
    if "visualize" in found.roles and not found.defines:
        return "plot"
    if found.display_only:
        return "display: it changes nothing"
    if found.roles[0] == "setup" and not found.defines:
        return "display or session setting"
    rebound = _bound_again(facts, identifier, found)
    if rebound:
        return rebound
    names = [name for name in (*found.defines, *found.mutates) if not name.startswith("<")]
    if names:
        return f"nothing kept reads {', '.join(f'`{name}`' for name in names[:4])}"
    return "it changes nothing that a kept statement reads"


def _bound_again(facts: NotebookFacts, identifier: str, found: StatementFacts) -> str:
    """Say that a model is bound again before it is used by anything kept."""
    for name in found.models:
        after = facts.order[facts.order.index(identifier) + 1 :]
        again = next((i for i in after if name in facts.statements[i].defines), None)
        if again:
            return f"`{name}` is bound again by {again} before it is saved or compared"
    return ""
