"""Compares two evaluations: two versions of the program, or two chat models, on the same samples."""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.table import figure
from tools.errors import UserError
from tools.frozen import Frozen

if TYPE_CHECKING:
    from rich.console import Console

LOWER_IS_BETTER = ("seconds", "lines", "tokens", "usd")


class Change(Frozen):
    """How one scorer moved between two evaluations.

    Attributes:
        scorer: Name of the scorer.
        unit: Of its values.
        before: Mean over the samples that both evaluations have.
        after: Likewise.
        difference: `after - before`.
        low: Lower end of the 95 % interval of the difference (paired over samples).
        high: Upper end.
        count: Number of samples compared.
        worse: Samples that got worse, with both values.
        better: Samples that got better.
    """

    scorer: str
    unit: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    count: int
    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()

    def certain(self) -> bool:
        """Whether the interval of the difference leaves zero out."""
        return self.low > 0 or self.high < 0


def load_scores(name: str, folder: Path) -> dict[str, Any]:
    """Load the scores of an earlier evaluation.

    Args:
        name: A `scores.json`, a folder that holds one, or the id of an MLflow run of an evaluation.
        folder: Where the embedded MLflow store lies.

    Raises:
        UserError: If there is no such evaluation.
    """
    path = Path(name)
    path = path / "scores.json" if path.is_dir() else path
    if not path.is_file():
        path = _from_mlflow(name, folder)
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} holds no scores: {error}.") from error
    if not isinstance(loaded, dict) or "samples" not in loaded:
        raise UserError(f"{path} holds no scores: name the scores.json of an evaluation.")
    return loaded


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Compare two results of `evals.harness.result_object`, scorer by scorer, on the samples that both have."""
    units = {name: mean.get("unit", "share") for name, mean in {**before["means"], **after["means"]}.items()}
    common = sorted(set(before["samples"]) & set(after["samples"]))
    changes = []
    for scorer in after["means"]:
        pairs = {
            sample: (old, new)
            for sample in common
            if (old := _value(before, sample, scorer)) is not None
            and (new := _value(after, sample, scorer)) is not None
        }
        if pairs:
            changes.append(_change(scorer, units[scorer], pairs))
    return tuple(changes)


def print_changes(changes: Sequence[Change], console: "Console") -> None:
    """Print a table of changes; those that are certain stand out, samples that got worse are named."""
    from rich.table import Table

    table = Table(
        "scorer", "before", "after", "difference", "95 %", "samples", "worse", title="Compared", title_justify="left"
    )
    for change in changes:
        sign = "+" if change.difference > 0 else ""
        table.add_row(
            change.scorer.replace("_", " "),
            figure(change.before, change.unit),
            figure(change.after, change.unit),
            f"{sign}{figure(change.difference, change.unit)}",
            f"{figure(change.low, change.unit)} to {figure(change.high, change.unit)}",
            str(change.count),
            ", ".join(change.worse[:4]) + (" …" if len(change.worse) > 4 else ""),
            style="bold" if change.certain() else "",
        )
    console.print(table)


def plot_changes(changes: Sequence[Change], path: Path) -> None:
    """Draw the differences of all shares with their intervals to an image file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shares = [change for change in changes if change.unit == "share"]
    drawing = Figure(figsize=(7, 0.5 * len(shares) + 1.2), layout="constrained")
    FigureCanvasAgg(drawing)
    axes = drawing.subplots()
    for height, change in enumerate(reversed(shares)):
        colour = "tab:gray" if not change.certain() else "tab:green" if change.difference > 0 else "tab:red"
        axes.plot([change.low, change.high], [height, height], color=colour)
        axes.plot([change.difference], [height], "o", color=colour)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(shares)), [change.scorer.replace("_", " ") for change in reversed(shares)])
    axes.set_xlabel("after - before, mean over samples with 95 % interval")
    drawing.savefig(path, metadata={"Software": None})


def _change(scorer: str, unit: str, pairs: Mapping[str, tuple[float, float]]) -> Change:
    differences = [new - old for old, new in pairs.values()]
    generator = random.Random(0)
    count, draws = len(differences), 2000
    drawn = sorted(sum(generator.choices(differences, k=count)) / count for _ in range(draws))
    sign = -1 if unit in LOWER_IS_BETTER else 1
    told = {name: f"{name} {figure(old, unit)} → {figure(new, unit)}" for name, (old, new) in pairs.items()}
    return Change(
        scorer=scorer,
        unit=unit,
        before=sum(old for old, _ in pairs.values()) / count,
        after=sum(new for _, new in pairs.values()) / count,
        difference=sum(differences) / count,
        low=drawn[int(0.025 * draws)],
        high=drawn[int(0.975 * draws)],
        count=count,
        worse=tuple(told[name] for name, (old, new) in pairs.items() if sign * (new - old) < -1e-9),
        better=tuple(told[name] for name, (old, new) in pairs.items() if sign * (new - old) > 1e-9),
    )


def _value(result: Mapping[str, Any], sample: str, scorer: str) -> float | None:
    values = result["samples"][sample]["scores"].get(scorer)
    return sum(values) / len(values) if values else None


def _from_mlflow(run_id: str, folder: Path) -> Path:
    from mlflow.exceptions import MlflowException
    from mlflow.tracking import MlflowClient

    from evals.tracking import store

    if not any(place.exists() for place in (folder / "mlflow.db",)) and store(folder).startswith("sqlite"):
        raise UserError(f"There is no evaluation {run_id}: name a scores.json, its folder, or the id of an MLflow run.")
    try:
        return Path(MlflowClient(tracking_uri=store(folder)).download_artifacts(run_id, "scores.json"))
    except (MlflowException, OSError) as error:
        raise UserError(
            f"There is no evaluation {run_id}: name a scores.json, its folder, or the id of an MLflow run."
        ) from error
