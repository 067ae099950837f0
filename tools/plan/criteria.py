"""What must be computed: the models that count, their metrics, and what the notebook saves."""

from collections.abc import Sequence

from tools.analysis.model import Artefact, Metric, ModelUse, NotebookFacts, Span
from tools.analysis.slicing import backward_slice
from tools.errors import UserError
from tools.frozen import Frozen
from tools.numbering import numbered


class NothingToExtractError(UserError):
    """A notebook without a model, a metric and anything saved: it can be shown, not turned into a package."""


class Criteria(Frozen):
    """The reasons for which statements are kept.

    Attributes:
        models: Products, in order of definition.
        metrics: Metrics of the products, and those of no model; a container that grows counts once, as it ends.
        judging: The same before a container counts once.
        artefacts: Saved models and data.
        statements: Ids that the backward slice starts from.
        exports: Ids that only save what the package saves itself: what they read is kept, they are left out.
    """

    models: tuple[ModelUse, ...]
    metrics: tuple[Metric, ...]
    judging: tuple[Metric, ...]
    artefacts: tuple[Artefact, ...]
    statements: frozenset[str]
    exports: frozenset[str]


def find_criteria(facts: NotebookFacts, without: frozenset[str] = frozenset()) -> Criteria:
    """Choose what must be computed.

    A notebook that saves models: these, and those whose metrics meet a saved model's in one statement. One that saves
    none: every fitted model that is judged by a metric, and the final one. The metrics of models that are left out go
    with them.

    Args:
        facts: Of the notebook.
        without: Names of models that a person left out.

    Raises:
        NothingToExtractError: If there is no model, no metric and nothing saved.
    """
    models = tuple(m for m in _products(facts) if m.name not in without)
    judging = tuple(m for m in _judging(facts, models) if m.model not in without)
    metrics = tuple(m for m in judging if m.kind in ("number", "numbers")) or judging
    judging, metrics = metrics, _collected(facts, metrics)
    artefacts = tuple(a for a in facts.artefacts if a.kind in ("model", "data", "other"))
    if not models and not metrics and not artefacts:
        raise NothingToExtractError(
            f"{facts.notebook.path}: no model, no metric and nothing saved was found in it: "
            "fit a model, compute a metric of scikit-learn or a variable such as `accuracy`, or save a file"
            + _unread(facts)
        )
    wanted = {t for model in models for t in (model.defined, *model.trained)}
    wanted |= {metric.statement for metric in metrics}
    saving = {a.statement for a in artefacts if a.kind in ("model", "other") and a.statement in facts.statements}
    exports = frozenset(saving - wanted)
    wanted |= {artefact.statement for artefact in artefacts} - exports
    wanted |= {use.source for i in exports for use in facts.statements[i].uses if use.kind != "state"}
    known = frozenset(facts.order)
    return Criteria(
        models=models,
        metrics=metrics,
        judging=judging,
        artefacts=artefacts,
        statements=frozenset(wanted) & known,
        exports=exports,
    )


def _unread(facts: NotebookFacts) -> str:
    """Name the cells that could not be read: what was looked for may stand there."""
    errors = [cell.error.rstrip(".") for cell in facts.notebook.cells if cell.error]
    left = f"; {len(errors) - 3} more cells could not be read" if len(errors) > 3 else ""
    return f". It may stand in a cell that could not be read: {'; '.join(errors[:3])}{left}" if errors else ""


def metric_names(metrics: Sequence[Metric]) -> dict[tuple[str, Span | None, str], str]:
    """Return the name in metrics.json of each metric, by statement, span and variable; no name is given twice.

    The model's name stands in front where there are several. A metric of no model, such as that of a baseline, gives
    way to one of the same name that belongs to a model.
    """
    several = len({m.model for m in metrics if m.model}) > 1
    names: dict[tuple[str, Span | None, str], str] = {}
    taken: set[str] = set()
    for metric in sorted(metrics, key=lambda m: not m.model):
        key = (metric.statement, metric.span, metric.variable)
        if key in names:
            continue
        name = f"{metric.model}.{metric.name}" if several and metric.model else metric.name
        names[key] = numbered(name, taken.__contains__)
        taken.add(names[key])
    return names


def _collected(facts: NotebookFacts, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
    """Return the metrics with each container that several statements add to as it is in the end, of no single model."""
    found: list[Metric] = []
    for number, metric in enumerate(metrics):
        later = [
            other
            for other in metrics[number + 1 :]
            if metric.variable and other.variable == metric.variable and not other.span and not metric.span
        ]
        grows = bool(later) and all(metric.variable not in facts.statements[o.statement].defines for o in later)
        if grows and metric.kind == "numbers":
            continue
        before = {o.model for o in metrics[:number] if o.variable == metric.variable and not o.span}
        shared = metric.kind == "numbers" and metric.variable and not metric.span and before - {metric.model}
        grown = shared and metric.variable not in facts.statements[metric.statement].defines
        found.append(metric.model_copy(update={"model": ""}) if grown else metric)
    return tuple(found)


def _products(facts: NotebookFacts) -> tuple[ModelUse, ...]:
    judged = {metric.model for metric in facts.metrics if metric.model}
    saved = {model.name for model in facts.models if model.saved}
    if not saved:
        return tuple(m for m in facts.models if m.name in judged or m.final)
    met = saved | _compared(facts, saved)
    return tuple(m for m in facts.models if m.name in met)


def _judging(facts: NotebookFacts, models: tuple[ModelUse, ...]) -> tuple[Metric, ...]:
    """Return the metrics of the products.

    A metric that names no model counts too. Where the notebook says by saving which models it is about, and these have
    metrics of their own, it counts only if it is computed from one of them once trained: a search beside it goes.
    """
    names = {model.name for model in models}
    own = {m.statement for m in facts.metrics if m.model in names}
    found = tuple(m for m in facts.metrics if m.model in names or not m.model)
    if not own or not any(model.saved for model in models):
        return found
    trained = {identifier for model in models for identifier in model.trained}

    def counts(metric: Metric) -> bool:
        if metric.model or metric.statement in own:
            return True
        return bool(trained & _values_behind(facts, metric.statement))

    return tuple(m for m in found if counts(m))


def _values_behind(facts: NotebookFacts, identifier: str) -> frozenset[str]:
    """Return the statements whose values a statement is computed from; states of generators are no values."""
    states = frozenset(use.variable for f in facts.statements.values() for use in f.uses if use.kind == "state")
    only = {
        key: found.model_copy(update={"opaque": False}) if found.opaque else found
        for key, found in facts.statements.items()
    }
    return backward_slice(only, facts.order, frozenset({identifier}), declared=states)


def _compared(facts: NotebookFacts, saved: set[str]) -> set[str]:
    """Return the models whose metrics are read by one statement together with a saved model's."""
    holders: dict[str, set[str]] = {}
    for metric in facts.metrics:
        if metric.variable and metric.model:
            holders.setdefault(metric.variable, set()).add(metric.model)
    found: set[str] = set()
    for identifier in facts.order:
        together = {model for name in facts.statements[identifier].own_reads for model in holders.get(name, ())}
        if together & saved:
            found |= together
    return found
