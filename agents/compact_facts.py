"""Facts for prompts: short, filtered by what may leave the machine (`llm.share`), secrets masked."""

from collections.abc import Sequence
from typing import Literal

from tools.analysis.model import NotebookFacts
from tools.plan.model import ExtractionPlan
from tools.secrets import redact
from tools.trace.model import ValueFacts

Share = Literal["code", "code+schema", "code+values"]
MOST = 8_000
COLUMNS = 40
VALUES = 8
WARNINGS = 12


def compact_facts(facts: NotebookFacts, plan: ExtractionPlan, share: Share, most: int = MOST) -> str:
    """Return what a chat model is told of a notebook: no cell, no output, no row of data.

    Args:
        facts: Of the notebook.
        plan: In force.
        share: `code` names what the code names; `code+schema` adds types, shapes, columns and findings that the run
            showed; `code+values` adds metrics and the ranges of columns.
        most: Characters at the most; the ends of long lists are left out, which is said.
    """
    sections = [
        ("", _title(facts, plan)),
        ("Data", [_source(s.path, s.reader, s.variable, s.statement) for s in facts.data_sources]),
        ("Models", _models(facts, plan)),
        ("Metrics", _metrics(facts, share)),
    ]
    if share != "code":
        sections.append(("Values that cross functions", _values(facts, plan, with_values=share == "code+values")))
        found = dict.fromkeys(f"{w.code} {w.statement}: {w.message}" for w in facts.warnings)
        sections.append(("Warnings", list(found)[:WARNINGS]))
    text = "\n\n".join(_section(title, lines) for title, lines in sections if lines)
    return redact(shortened(text, most))


def shortened(text: str, most: int) -> str:
    """Return a text cut at a line so that it has at most so many characters; what is missing is said."""
    if len(text) <= most:
        return text
    lines = text[: max(0, most - 40)].split("\n")[:-1]
    missing = text.count("\n") + 1 - len(lines)
    return "\n".join([*lines, f"… {missing} more lines"])


def _section(title: str, lines: Sequence[str]) -> str:
    return f"## {title}\n" + "\n".join(f"- {line}" for line in lines) if title else "\n".join(lines)


def _title(facts: NotebookFacts, plan: ExtractionPlan) -> list[str]:
    notebook = facts.notebook
    run = f"run in {facts.trace.order_kind} order" if facts.trace.status == "ran" else facts.trace.status
    kept = f"{len(plan.order)} of {len(facts.order)} statements kept"
    lines = [f"{notebook.title}: {len(notebook.cells)} code cells, {kept}; {run}."]
    description = " ".join(notebook.description.split())
    return [*lines, shortened(description, 400)] if description else lines


def _source(path: str, reader: str, variable: str, statement: str) -> str:
    by = f" by {reader}" if reader else ""
    into = f" into `{variable}`" if variable else ""
    return f"{path}{by}{into} ({statement})"


def _models(facts: NotebookFacts, plan: ExtractionPlan) -> list[str]:
    kept = set(plan.order)
    lines = []
    for model in facts.models:
        where = [i for i in (model.defined, *model.trained) if i in kept]
        if where:
            final = ", the notebook's final one" if model.final else ""
            lines.append(
                f"`{model.name}`: {model.type} in `{model.variable}` ({', '.join(dict.fromkeys(where))}){final}"
            )
    return lines


def _metrics(facts: NotebookFacts, share: Share) -> list[str]:
    lines = []
    for metric in facts.metrics:
        value = f" = {metric.value:.6g}" if share == "code+values" and metric.value is not None else ""
        lines.append(f"`{metric.name}` ({metric.statement}){value}")
    return list(dict.fromkeys(lines))


def _values(facts: NotebookFacts, plan: ExtractionPlan, *, with_values: bool) -> list[str]:
    """Return a line for each value that a function returns, as it was when it was first returned."""
    lines: dict[str, str] = {}
    for function in plan.functions:
        for returned in function.returns:
            traced = facts.trace.statements.get(returned.statement)
            value = {**traced.bound, **traced.mutated}.get(returned.variable) if traced else None
            if value is not None and returned.variable not in lines:
                lines[returned.variable] = f"`{returned.variable}`: {_value(value, with_values=with_values)}"
    return list(lines.values())


def _value(value: ValueFacts, *, with_values: bool) -> str:
    parts = [value.type.removeprefix("builtins.")]
    if value.shape is not None:
        parts.append(f"shape {' x '.join(map(str, value.shape))}")
    if value.dtype:
        parts.append(value.dtype)
    text = ", ".join(parts)
    if value.columns:
        text += f"; columns {', '.join(f'{name} {dtype}' for name, dtype in value.columns[:COLUMNS])}"
        text += f" and {len(value.columns) - COLUMNS} more" if len(value.columns) > COLUMNS else ""
    if not with_values:
        return text
    if value.number is not None:
        text += f" = {value.number:.6g}"
    ranges = [_range(name, statistics) for name, statistics in value.schema_.items()]
    found = [r for r in ranges if r][:COLUMNS]
    return f"{text}; {'; '.join(found)}" if found else text


def _range(column: str, statistics: dict[str, str | float | int | list[str] | None]) -> str:
    values = statistics.get("values")
    if isinstance(values, list) and values:
        more = ", …" if len(values) > VALUES else ""
        return f"{column} is one of {', '.join(map(str, values[:VALUES]))}{more}"
    least, greatest = statistics.get("min"), statistics.get("max")
    return f"{column} from {least} to {greatest}" if least is not None and greatest is not None else ""
