"""From a notebook and its trace to frozen facts."""

import ast
from collections.abc import Mapping

from tools.analysis.artefacts import find_artefacts
from tools.analysis.data_sources import find_data_sources, without_handed_on
from tools.analysis.def_use import def_use
from tools.analysis.findings import Seen, find_warnings
from tools.analysis.hyperparameters import find_hyperparameters
from tools.analysis.imports import collect_imports
from tools.analysis.metrics import find_metrics
from tools.analysis.model import Artefact, Metric, ModelUse, NotebookFacts, StatementFacts
from tools.analysis.models import find_models
from tools.analysis.order import choose_order
from tools.analysis.qualified import calls_by_statement
from tools.analysis.roles import find_roles, stage_of
from tools.notebook.model import Notebook
from tools.trace.model import Trace


def analyse(notebook: Notebook, trace: Trace) -> NotebookFacts:
    """Return all that is known about a notebook.

    Args:
        notebook: As read.
        trace: Of its run; status `not run` gives the static analysis alone.
    """
    order = trace.order or choose_order(notebook).order
    statements = {statement.id: statement for statement in notebook.statements()}
    trees = {identifier: ast.parse(statement.code) for identifier, statement in statements.items()}
    facts = def_use(notebook, trace, order)
    imports = collect_imports(notebook, trace, order)
    calls = calls_by_statement(trees, order, imports, trace)
    displayed = {identifier for identifier, statement in statements.items() if statement.displayed}
    roles = find_roles(trees, order, facts, calls, trace, displayed, {found.name for found in imports})
    enriched = {
        identifier: facts[identifier].model_copy(
            update={
                "roles": roles[identifier],
                "stage": stage_of(roles[identifier]),
                "calls": tuple(dict.fromkeys(call.name for call in calls[identifier])),
            }
        )
        for identifier in order
    }
    models = find_models(trees, order, calls, trace)
    metrics = find_metrics(trees, order, enriched, calls, models, trace)
    artefacts = find_artefacts(trees, order, calls, models)
    models = _final(models, metrics, artefacts, order, trees)
    sources = without_handed_on(find_data_sources(notebook, trees, order, calls, trace), facts, trace)
    enriched = _with_models(enriched, models)
    ordered = [statements[identifier] for identifier in order]
    hyperparameters = find_hyperparameters(ordered, trees, enriched, calls, models, sources)
    seen = Seen(notebook, trace, trees, order, enriched, calls, metrics, models)
    return NotebookFacts(
        notebook=notebook,
        trace=trace,
        order=tuple(order),
        statements=enriched,
        imports=imports,
        hyperparameters=hyperparameters,
        data_sources=sources,
        models=models,
        metrics=metrics,
        artefacts=artefacts,
        warnings=find_warnings(seen),
    )


def _final(
    models: tuple[ModelUse, ...],
    metrics: tuple[Metric, ...],
    artefacts: tuple[Artefact, ...],
    order: tuple[str, ...],
    trees: Mapping[str, ast.Module],
) -> tuple[ModelUse, ...]:
    """Mark saved models, and the one that the notebook ends with: saved, else judged last, else trained last.

    A model that a loop constructs anew in each round is one of a sweep: it is final only where there is no other.
    """
    position = {identifier: number for number, identifier in enumerate(order)}
    saved = {a.variable: position.get(a.statement, 0) for a in artefacts if a.kind == "model"}
    marked: list[ModelUse] = []
    for number, model in enumerate(models):
        later = [m for m in models[number + 1 :] if m.variable == model.variable]
        until = min((position.get(m.defined, 0) for m in later), default=len(order))
        is_saved = model.variable in saved and saved[model.variable] < until
        marked.append(model.model_copy(update={"saved": is_saved}))
    if not marked:
        return ()
    judged = [metric.model for metric in metrics if metric.model]

    def rank(model: ModelUse) -> tuple[int, int, int, int]:
        last = max((position.get(t, 0) for t in model.trained), default=0)
        swept = model.defined in model.trained and isinstance(trees[model.defined].body[0], (ast.For, ast.While))
        return (
            int(model.saved),
            int(not swept),
            len(judged) - judged[::-1].index(model.name) if model.name in judged else 0,
            last,
        )

    final = max(marked, key=rank)
    return tuple(m.model_copy(update={"final": m.name == final.name}) for m in marked)


def _with_models(facts: dict[str, StatementFacts], models: tuple[ModelUse, ...]) -> dict[str, StatementFacts]:
    held: dict[str, list[str]] = {}
    for model in models:
        for identifier in (model.defined, *model.trained):
            held.setdefault(identifier, []).append(model.variable)
    return {
        identifier: found.model_copy(update={"models": tuple(dict.fromkeys(held.get(identifier, ())))})
        for identifier, found in facts.items()
    }
