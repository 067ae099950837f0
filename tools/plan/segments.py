"""The kept statements, in run order, cut into functions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tools.analysis.model import NotebookFacts, Role, Stage
from tools.frozen import Frozen
from tools.plan.criteria import Criteria
from tools.plan.hoist import Hoisted
from tools.plan.model import Constraint

_SMALL = 2
_LOOSE: frozenset[Role] = frozenset({"other", "explore", "setup", "visualize"})


class Segment(Frozen):
    """Statements that become one function.

    Attributes:
        statements: Ids in run order.
        stage: Where the function belongs.
        heading: Innermost heading of its first statement; empty where there is none.
        roles: Of its statements, most frequent first.
        models: Names of the models that its statements define, train or judge.
        moved: Those of its statements that stood further up in the notebook.
    """

    statements: tuple[str, ...]
    stage: Stage
    heading: str = ""
    roles: tuple[Role, ...] = ()
    models: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def start(self) -> str:
        """The first of its statements that stands where it stood."""
        return next(i for i in self.statements if i not in self.moved)


def cut_segments(
    facts: NotebookFacts,
    body: Sequence[str],
    hoisted: Hoisted,
    criteria: Criteria,
    constraints: Sequence[Constraint],
    near: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Segment, ...]:
    """Cut the statements that stand in functions where stage, model or heading change; small pieces join a neighbour.

    Args:
        facts: Of the notebook.
        body: Ids in run order, without imports, hoisted definitions and plain settings.
        hoisted: The author's definitions at module level; others hold everything to their last use together.
        criteria: Models and metrics.
        constraints: `one-function` keeps all in one.
        near: Statements that move to stand in front of another.
    """
    if not body:
        return ()
    headings = {s.id: _heading(facts, s.cell) for s in facts.notebook.statements()}
    owners = _owners(criteria)
    if any(c.kind == "one-function" for c in constraints):
        return (_segment(facts, tuple(body), "training", headings, owners),)
    body = [identifier for identifier in body if identifier not in near]
    stages = _stages(facts, body, criteria)
    groups: list[list[str]] = []
    for identifier in body:
        if groups and not _cut(groups[-1], identifier, stages, headings, owners):
            groups[-1].append(identifier)
        else:
            groups.append([identifier])
    groups = _joined_small(groups, stages, facts)
    groups = _held_together(facts, groups, hoisted)
    found = [_segment(facts, tuple(group), _stage(group, stages), headings, owners) for group in groups]
    return tuple(_with_moved(segment, near) for segment in found)


def _with_moved(segment: Segment, near: Mapping[str, str]) -> Segment:
    """Return a segment with the statements that move into it."""
    statements: list[str] = []
    moved: list[str] = []
    for follower in segment.statements:
        before = [identifier for identifier, first in near.items() if first == follower]
        statements += [*before, follower]
        moved += before
    return segment.model_copy(update={"statements": tuple(statements), "moved": tuple(moved)})


def _stages(facts: NotebookFacts, body: Sequence[str], criteria: Criteria) -> dict[str, Stage]:
    """Return the stage of each statement; what is loose takes that of its first user, or of what follows."""
    metrics = {metric.statement for metric in criteria.metrics}
    trained = {identifier for model in criteria.models for identifier in model.trained}
    stages: dict[str, Stage] = {}
    first_user: dict[str, str] = {}
    following: Stage = "data"
    for identifier in reversed(body):
        found = facts.statements[identifier]
        if identifier in trained:
            stages[identifier] = "training"
        elif identifier in metrics:
            stages[identifier] = "evaluation"
        elif found.roles[0] in ("setup", "other") and found.kind == "assign" and found.mutates:
            stages[identifier] = found.stage
        elif found.roles[0] in _LOOSE and not found.defines:
            stages[identifier] = following
        elif found.roles[0] in _LOOSE:
            stages[identifier] = stages[first_user[identifier]] if identifier in first_user else "data"
        else:
            stages[identifier] = found.stage
        following = stages[identifier]
        first_user.update((use.source, identifier) for use in found.uses)
    first_model = next((position for position, i in enumerate(body) if i in trained), len(body))
    for position, identifier in enumerate(body):
        if stages[identifier] == "evaluation" and position < first_model and identifier not in metrics:
            stages[identifier] = "data"
    _follow_predictions(facts, body, stages)
    return stages


def _follow_predictions(facts: NotebookFacts, body: Sequence[str], stages: dict[str, Stage]) -> None:
    """Put what only judges to the evaluation: what is made of predictions, or after training for metrics alone."""
    serving: set[str] = set()
    for identifier in reversed(body):
        if stages[identifier] in ("model", "training") or identifier in serving:
            serving |= {use.source for use in facts.statements[identifier].uses}
    users: dict[str, list[str]] = {}
    for identifier in body:
        for source in {use.source for use in facts.statements[identifier].uses}:
            users.setdefault(source, []).append(identifier)
    first = next((n for n, identifier in enumerate(body) if stages[identifier] == "training"), len(body))
    for identifier in reversed(body[first:]):
        used = users.get(identifier, ())
        if stages[identifier] == "data" and used and all(stages[i] == "evaluation" for i in used):
            stages[identifier] = "evaluation"
    for identifier in body:
        sources = [use.source for use in facts.statements[identifier].uses if use.source in stages]
        judged = any(stages[source] == "evaluation" for source in sources)
        if stages[identifier] == "data" and identifier not in serving and judged:
            stages[identifier] = "evaluation"


def _cut(
    group: Sequence[str],
    identifier: str,
    stages: Mapping[str, Stage],
    headings: Mapping[str, str],
    owners: Mapping[str, tuple[str, ...]],
) -> bool:
    last = group[-1]
    if stages[last] != stages[identifier]:
        return True
    held = {name for member in group for name in owners.get(member, ())}
    own = owners.get(identifier, ())
    if own and held and not held & set(own):
        return True
    return stages[identifier] == "data" and headings[last] != headings[identifier]


def _joined_small(groups: list[list[str]], stages: Mapping[str, Stage], facts: NotebookFacts) -> list[list[str]]:
    """Join groups of the data stage that are too small to be a function of their own to the one before."""
    joined: list[list[str]] = []
    for group in groups:
        roles = {role for i in group for role in facts.statements[i].roles}
        telling = roles & {"load_data", "split"}
        if (
            joined
            and len(group) <= _SMALL
            and _stage(group, stages) == "data" == _stage(joined[-1], stages)
            and not telling
        ):
            previous = {role for i in joined[-1] for role in facts.statements[i].roles}
            if not previous & {"load_data", "split"} or (
                len(group) == 1 and not roles & {"preprocess", "feature_engineering"}
            ):
                joined[-1] += group
                continue
        joined.append(list(group))
    return joined


def _held_together(facts: NotebookFacts, groups: list[list[str]], hoisted: Hoisted) -> list[list[str]]:
    """Merge the groups from a definition that is not hoisted to its last use."""
    place = {identifier: number for number, group in enumerate(groups) for identifier in group}
    spans: list[tuple[int, int]] = []
    for identifier, number in place.items():
        found = facts.statements[identifier]
        if found.kind not in ("function", "class"):
            continue
        names = set(found.defines)
        users = [n for i, n in place.items() if n >= number and _refers(facts, i, names, identifier)]
        spans.append((number, max([number, *users])))
    merged: list[list[str]] = []
    last_of: list[int] = []
    for number, group in enumerate(groups):
        if merged and any(start <= last_of[-1] and end >= number for start, end in spans):
            merged[-1] += group
        else:
            merged.append(list(group))
            last_of.append(number)
            continue
        last_of[-1] = number
    return merged


def _refers(facts: NotebookFacts, identifier: str, names: set[str], definition: str) -> bool:
    """Tell whether a statement reads a nested definition, or a value that may hold it."""
    found = facts.statements[identifier]
    return bool(names & {*found.reads, *found.body_reads}) or any(use.source == definition for use in found.uses)


def _stage(group: Sequence[str], stages: Mapping[str, Stage]) -> Stage:
    found = {stages[identifier] for identifier in group}
    for stage in ("training", "evaluation", "model"):
        if stage in found:
            return stage
    return "data"


def _segment(
    facts: NotebookFacts,
    statements: tuple[str, ...],
    stage: Stage,
    headings: Mapping[str, str],
    owners: Mapping[str, tuple[str, ...]],
) -> Segment:
    roles = [role for i in statements for role in facts.statements[i].roles[:2]]
    ordered = sorted(dict.fromkeys(roles), key=lambda r: (-roles.count(r), roles.index(r)))
    return Segment(
        statements=statements,
        stage=stage,
        heading=headings[statements[0]],
        roles=tuple(ordered),
        models=tuple(dict.fromkeys(m for i in statements for m in owners.get(i, ()))),
    )


def _heading(facts: NotebookFacts, cell: int) -> str:
    headings = facts.notebook.cells[cell - 1].headings
    return headings[-1] if len(headings) > 1 or (headings and headings[0] != facts.notebook.title) else ""


def _owners(criteria: Criteria) -> dict[str, tuple[str, ...]]:
    """Return the models that each statement defines, trains or judges."""
    found: dict[str, dict[str, None]] = {}
    for model in criteria.models:
        for identifier in (model.defined, *model.trained):
            found.setdefault(identifier, {})[model.name] = None
    for metric in criteria.judging:
        if metric.model:
            found.setdefault(metric.statement, {})[metric.model] = None
    return {identifier: tuple(names) for identifier, names in found.items()}
