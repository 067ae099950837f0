"""The table of an evaluation, for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.intervals import Mean
from evals.model import Score

if TYPE_CHECKING:
    from rich.console import Console


def print_table(scores: Sequence[Score], averages: Sequence[Mean], console: "Console") -> None:
    """Print one line a sample, the means below it, and what was wrong."""
    from rich.table import Table

    shown = [average.scorer for average in averages]
    units = {average.scorer: average.unit for average in averages}
    table = Table("sample", *[name.replace("_", " ") for name in shown], title="Evaluation", title_justify="left")
    values: dict[tuple[str, str], list[float]] = {}
    for score in scores:
        if score.value is not None:
            values.setdefault((score.sample, score.scorer), []).append(score.value)
    for sample in dict.fromkeys(score.sample for score in scores):
        table.add_row(sample, *[_cell(values.get((sample, name), []), units[name]) for name in shown])
    table.add_section()
    table.add_row("mean", *[figure(average.mean, average.unit) for average in averages])
    table.add_row("95 %", *[f"{figure(a.low, a.unit)}–{figure(a.high, a.unit)}" for a in averages], style="dim")
    console.print(table)
    for score in scores:
        if score.detail and score.unit == "share" and score.value is not None and score.value < 1:
            console.print(f"{score.sample} · {score.scorer}: {score.detail}", style="yellow", markup=False)


def figure(value: float, unit: str) -> str:
    """Return a value as a person reads it."""
    if unit == "seconds":
        return f"{value:.0f} s"
    if unit in ("lines", "tokens"):
        return f"{value:,.0f}"
    return f"{value:.3f}" if unit != "usd" else f"${value:.2f}"


def _cell(values: Sequence[float], unit: str) -> str:
    if not values:
        return "–"
    text = figure(sum(values) / len(values), unit)
    return text if len(values) == 1 or max(values) == min(values) else f"{text} ±{(max(values) - min(values)) / 2:.3f}"
