"""Runs samples, scores them, shows a table, logs to MLflow."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.compare import compare, load_scores, plot_changes, print_changes
from evals.intervals import Mean, means
from evals.model import Runner, RunRecord, Sample, Score, Scorer
from evals.runner import command_runner
from evals.samples import find_samples
from evals.scorers import GATES, SCORERS
from tools.errors import ExitCode
from tools.frozen import Frozen

DEFAULT_FOLDER = Path(".ml-productionize") / "eval"


class Evaluation(Frozen):
    """The outcome of an evaluation.

    Attributes:
        scores: All of them: samples in order, repetitions, scorers in the order of the registry.
        means: Over the samples.
        as_expected: By sample, whether every repetition passed the gates.
        share: Share of the samples that are as expected.
    """

    scores: tuple[Score, ...]
    means: tuple[Mean, ...]
    as_expected: dict[str, bool]
    share: float


def evaluate(
    samples: Sequence[Sample],
    runner: Runner,
    folder: Path,
    *,
    repeats: int = 1,
    scorers: Mapping[str, Scorer] = SCORERS,
    listener: Callable[[str], None] = lambda line: None,
) -> tuple[Evaluation, dict[tuple[str, int], RunRecord]]:
    """Run and score samples.

    Args:
        samples: To run, one after the other.
        runner: What runs one sample in a folder.
        folder: For what is generated, one folder a sample and repetition.
        repeats: How often each one is run.
        scorers: By name.
        listener: Is told of each run in one line.

    Returns:
        The evaluation and what each run gave, by sample and repetition.
    """
    records: dict[tuple[str, int], RunRecord] = {}
    scores: list[Score] = []
    for sample in samples:
        for repeat in range(1, repeats + 1):
            place = _fresh(folder / sample.name.replace("/", "__"), repeat if repeats > 1 else 0)
            record = runner(sample, place)
            records[sample.name, repeat] = record
            scores.extend(score_sample(sample, record, scorers, repeat))
            listener(f"{sample.name}: {record.run.get('verdict') or 'no verdict'} in {record.seconds:.0f} s")
    return summarise(scores), records


def score_sample(
    sample: Sample, record: RunRecord, scorers: Mapping[str, Scorer] = SCORERS, repeat: int = 1
) -> list[Score]:
    """Return what every scorer says of one run."""
    found = []
    for name, scorer in scorers.items():
        said = scorer(sample, record)
        found.append(
            Score(sample=sample.name, scorer=name, value=said.value, unit=said.unit, detail=said.detail, repeat=repeat)
        )
    return found


def summarise(scores: Sequence[Score]) -> Evaluation:
    """Return means and gates over scores."""
    names = list(dict.fromkeys(score.sample for score in scores))
    passed = {name: _passes(score for score in scores if score.sample == name) for name in names}
    share = sum(passed.values()) / len(passed) if passed else 0.0
    return Evaluation(scores=tuple(scores), means=means(scores), as_expected=passed, share=share)


def run_eval(
    paths: Sequence[Path],
    *,
    out: Path | None,
    fail_under: float | None,
    json_output: bool,
    repeats: int = 1,
    against: str = "",
    only: Sequence[str] = (),
    options: Sequence[str] = (),
    runner: Runner | None = None,
    track: bool = True,
) -> int:
    """Evaluate for the command line.

    Args:
        paths: Notebooks and folders; our own samples if empty.
        out: Folder for results and generated repositories; `.ml-productionize/eval` if None.
        fail_under: Least share of samples that must be as expected; None for no gate.
        json_output: Print one JSON object instead of a table.
        repeats: How often each sample is run.
        against: An earlier evaluation to compare with: a `scores.json`, its folder, or the id of its MLflow run.
        only: Patterns of sample names; all samples if empty.
        options: Further options for each call of the command line, such as `["--no-execute"]`.
        runner: What runs one sample; the command line if None.
        track: Log to MLflow.

    Returns:
        0, or 1 where too few samples are as expected.

    Raises:
        UserError: If there is nothing to evaluate.
    """
    samples = find_samples(paths, only)
    folder = (out or DEFAULT_FOLDER).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    earlier = load_scores(against, folder) if against else None
    found, records = evaluate(
        samples,
        runner or command_runner(options=options),
        folder,
        repeats=repeats,
        listener=lambda line: print(line, file=sys.stderr),
    )
    result = result_object(found)
    path = folder / "scores.json"
    path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    changes = compare(earlier, result) if earlier else ()
    files = [path]
    if changes:
        files.append(folder / "compared.png")
        plot_changes(changes, files[-1])
        result["compared"] = [change.model_dump() for change in changes]
    if track:
        from evals.tracking import log_evaluation

        parameters = {
            "samples": str(len(samples)),
            "repeats": str(repeats),
            "fail_under": str(fail_under),
            "against": against,
            "only": " ".join(only),
            "options": " ".join(options),
        }
        tracked = log_evaluation(folder, found.scores, found.means, records, parameters, files)
        result["mlflow"] = tracked.model_dump()
    if json_output:
        print(json.dumps(result, indent=2, sort_keys=True))
    else:
        from rich.console import Console

        from evals.table import print_table

        console = Console(highlight=False, width=None if sys.stdout.isatty() else 220)
        print_table(found.scores, found.means, console)
        if changes:
            print_changes(changes, console)
        console.print(f"{sum(found.as_expected.values())} of {len(samples)} samples are as expected. Results: {path}")
    return ExitCode.FAILED if fail_under is not None and found.share < fail_under else ExitCode.VERIFIED


def result_object(found: Evaluation) -> dict[str, Any]:
    """Return an evaluation as one JSON-able object."""
    samples: dict[str, dict[str, Any]] = {}
    for score in found.scores:
        entry = samples.setdefault(
            score.sample, {"as_expected": found.as_expected[score.sample], "scores": {}, "details": {}}
        )
        if score.value is not None:
            entry["scores"].setdefault(score.scorer, []).append(round(score.value, 6))
        if score.detail:
            entry["details"][score.scorer] = score.detail
    return {
        "samples": samples,
        "means": {mean.scorer: mean.model_dump(exclude={"scorer"}) for mean in found.means},
        "share_as_expected": round(found.share, 6),
    }


def _passes(scores: Iterable[Score]) -> bool:
    return all(score.value == 1.0 for score in scores if score.scorer in GATES and score.value is not None)


def _fresh(folder: Path, repeat: int) -> Path:
    """Return a folder that does not exist yet: results of earlier evaluations stay."""
    base = folder.with_name(f"{folder.name}.{repeat}") if repeat else folder
    number, path = 1, base
    while path.exists():
        number += 1
        path = base.with_name(f"{base.name}-{number}")
    return path
