"""What the README of a generated repository says."""

import re
from collections.abc import Mapping

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.plan.settings import literal
from tools.render.settings import data_keys, is_output, job_parameters, key_of

_LAYOUT = (
    ("configs/", "settings, MLflow job, compiled Kubeflow pipeline"),
    ("pipelines/", "source of the Kubeflow pipeline"),
)

_SAME = "The notebook has the same figures."
_UNSEEDED = "Figures of a run of the notebook, which sets no seed; those of this package differ a little, and repeat."


class ReadmeTable(Frozen):
    """The figures of the notebook.

    Attributes:
        columns: Headings.
        rows: Cells as text.
        caption: One sentence below it.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    caption: str = ""


def metric_names(plan: ExtractionPlan) -> tuple[str, ...]:
    """Return the names in metrics.json, in the order in which they are computed."""
    names = [returned.metric for function in plan.functions for returned in function.returns if returned.metric]
    return tuple(dict.fromkeys(names))


def recorded_metrics(plan: ExtractionPlan, facts: NotebookFacts | None) -> dict[str, float]:
    """Return the metrics of the plan whose value the notebook's run showed."""
    if facts is None:
        return {}
    values: dict[str, float] = {}
    for metric in facts.metrics:
        if metric.value is not None:
            values[metric.name] = metric.value
            values[f"{metric.model}.{metric.name}"] = metric.value
    found: dict[str, float] = {}
    for function in plan.functions:
        for returned in function.returns:
            if returned.metric and returned.annotation == "float":
                step = facts.trace.statements.get(returned.statement)
                traced = (step.bound | step.mutated).get(returned.variable) if step else None
                value = values.get(returned.metric, traced.number if traced else None)
                if value is not None:
                    found[returned.metric] = value
    return found


def metrics_table(plan: ExtractionPlan, values: Mapping[str, float]) -> ReadmeTable:
    """Return the table of figures: one row a model where metrics are told apart by model, else one row a metric."""
    if not values:
        return ReadmeTable()
    seeded = not any(change.kind == "seed" for change in plan.changes)
    caption = _SAME if seeded else _UNSEEDED
    models = [model for model in plan.models if any(name.startswith(f"{model}.") for name in values)]
    if len(models) > 1:
        names = tuple(dict.fromkeys(n.split(".", 1)[1] for n in values if n.split(".", 1)[0] in models))
        rows = []
        for model in models:
            mark = " (default)" if model in plan.default_models and len(plan.default_models) < len(models) else ""
            cells = [_figure(values.get(f"{model}.{name}")) for name in names]
            rows.append((f"`{model}`{mark}", *cells))
        return ReadmeTable(columns=("model", *names), rows=tuple(rows), caption=caption)
    rows = [(f"`{name}`", _figure(value)) for name, value in values.items()]
    return ReadmeTable(columns=("metric", "value"), rows=tuple(rows), caption=caption)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def paragraph(text: str, width: int = 120) -> str:
    """Return a paragraph of markdown wrapped to a width, its line breaks gone; lists and tables stay as they are."""
    import textwrap

    if re.search(r"(?m)^\s*([-*+|>#]|\d+\.)\s?", text):
        return text.strip()
    return textwrap.fill(" ".join(text.split()), width, break_long_words=False, break_on_hyphens=False)


def examples(plan: ExtractionPlan) -> tuple[str, ...]:
    """Return one or two overrides to show: the first hyperparameter, and the choice of models."""
    keys = set(data_keys(plan))
    shown = []
    for setting in sorted(plan.settings, key=lambda s: not s.key.startswith(("model", "training"))):
        value = literal(setting)
        if isinstance(value, int | float) and not isinstance(value, bool) and setting.key not in keys | {"seed"}:
            shown.append(f"{setting.key}={_another(value)}")
            break
    models = key_of(plan, "models")
    if models and len(plan.models) > 1:
        shown.append(f"{models}=[{','.join(plan.models)}]")
    if not shown:
        shown = [f"{s.key}=..." for s in plan.settings if not is_output(s)][:1]
    return tuple(shown)


def _another(value: float) -> float:
    return value + 1 if isinstance(value, int) else round(value / 2, 6)


def job_example(plan: ExtractionPlan, tree: Mapping[str, str]) -> str:
    """Return one parameter of the MLflow job with another value, or nothing."""
    parameters = {parameter.key: parameter for parameter in job_parameters(plan, tree)}
    key, _, value = next((e.partition("=") for e in examples(plan) if e.partition("=")[0] in parameters), ("", "", ""))
    return f"{parameters[key].name}={value}" if key and "[" not in value else ""


def layout(plan: ExtractionPlan, tree: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return folder and content, in the order of the folders' names."""
    modules = [path.removeprefix("src/") for path in sorted(tree) if path.startswith("src/")]
    shown = "  ".join(path for path in modules if not path.endswith("__init__.py"))
    entries = [*_LAYOUT, ("src/", shown), ("tests/", "run by `make test`")]
    folders: dict[str, list[str]] = {}
    for path, _ in plan.data_files:
        folder, _, name = path.rpartition("/")
        if folder and not path.startswith(("/", "..")):
            folders.setdefault(folder.split("/")[0] + "/", []).append(name)
    entries += [(folder, ", ".join(sorted(names))) for folder, names in folders.items()]
    return tuple(sorted(entries))
