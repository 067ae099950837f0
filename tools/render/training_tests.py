"""Tests of training, evaluation and tracking."""

from collections.abc import Iterator

from tools.plan.model import ExtractionPlan
from tools.render.engine import render
from tools.render.evidence import TRAINING, Evidence, GeneratedTest, tolerance
from tools.render.readme import metric_names, recorded_metrics
from tools.render.sources import dotted

_STAGES = "from tests.stages import Stages"
_CONFIG = "from src.config import Config"
TRAIN = "src/training/train.py"
EVALUATE = "src/evaluation/evaluate.py"


_CONTRACTS = frozenset({"evaluation", "metrics_file", "tracked", "logged"})


def _test(name: str, template: str, imports: tuple[str, ...], **context: object) -> GeneratedTest:
    source = render(f"tests/{template}.py.j2", name=name, **context)
    return GeneratedTest(
        file=TRAINING,
        name=name,
        imports=("import pytest", *imports),
        source=source,
        contract=template in _CONTRACTS,
    )


def stage_metrics(evidence: Evidence) -> dict[str, tuple[str, float]]:
    """Return path and recorded value of each metric that stage functions return; no path for a part of a container."""
    found = {}
    for call in evidence.flow.calls:
        recorded = evidence.recorded(call)
        for result in call.results:
            if result.metric and recorded:
                prefix = "" if len(call.results) == 1 else f"{result.name}."
                for key, value in recorded.summary.items():
                    if isinstance(value, float | int) and key.startswith(prefix) and key.endswith("value"):
                        part = key.removeprefix(prefix).removesuffix("value").rstrip(".")
                        name = f"{result.metric}.{part}" if part else result.metric
                        found[name] = ("" if part else result.path, float(value))
    return found


def metrics(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A training gives the metrics of the notebook; where that is unseeded, those recorded with the package's seed."""
    seeded = not any(change.kind == "seed" for change in evidence.plan.changes)
    stages = stage_metrics(evidence)
    notebook = recorded_metrics(evidence.plan, evidence.facts) if seeded else {}
    values = {name: value for name, (_, value) in stages.items()} | notebook
    short = evidence.short()
    known = {name: value for name, value in values.items() if stages.get(name, ("",))[0] or not short}
    whole = set(known) == set(metric_names(evidence.plan))
    if known:
        yield _test(
            "test_metrics_are_those_of_the_notebook" if notebook else "test_metrics_are_those_recorded",
            "metrics",
            (_STAGES,),
            values=known,
            paths={name: path for name, (path, _) in stages.items()} if short else {},
            whole=whole,
            tolerance=tolerance(evidence),
        )


def repeats(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The same seed gives the same metrics: the stages called one by one, and the training."""
    paths = {name: path for name, (path, _) in stage_metrics(evidence).items() if path}
    if paths:
        imports = (_STAGES, _CONFIG, "from tests.stages import run_stages")
        yield _test("test_training_is_reproducible", "repeats", imports, paths=paths, short=bool(evidence.short()))


def baseline(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The model beats a constant prediction on the rows of its training."""
    subject, figures = evidence.subject, evidence.recording.model.baseline
    if subject is None or not figures or not subject.target:
        return
    better = (
        figures["model"] > figures["constant"]
        if subject.task == "classification"
        else (figures["model"] < figures["constant"])
    )
    if better:
        yield _test(
            f"test_{subject.name}_beats_a_constant_prediction",
            "baseline",
            (_STAGES, "import numpy as np"),
            subject=subject,
            bound=f"{(figures['model'] + figures['constant']) / 2:.4g}",
            share=f"{(figures['model'] / figures['constant'] + 1) / 2:.3f}" if figures["constant"] else "1",
        )


def losses(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The loss falls while a network is trained."""
    for call in evidence.flow.calls:
        seen = evidence.recording.losses.get(call.name)
        if seen and seen.count > 1 and seen.last < seen.first:
            yield _test(f"test_{call.name}_lowers_the_loss", "losses", (_STAGES,), call=call.name)


def files(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The metrics are flat, and evaluating the saved model repeats them."""
    if not evidence.sources.function(EVALUATE, "evaluate"):
        return
    imports = (_CONFIG, "import json", "from pathlib import Path")
    yield _test("test_metrics_file_is_flat", "metrics_file", imports)
    again = (
        _CONFIG,
        "from dataclasses import replace",
        "from pathlib import Path",
        f"from {dotted(EVALUATE)} import evaluate",
    )
    yield _test(
        "test_evaluation_of_the_saved_model_repeats_the_metrics",
        "evaluation",
        again,
        trained_only=_measured_in_training(evidence.plan),
        tolerance=tolerance(evidence),
    )
    if _needs_a_model(evidence):
        yield _test("test_evaluation_needs_a_trained_model", "untrained", again)


def _measured_in_training(plan: ExtractionPlan) -> tuple[str, ...]:
    """Return the metrics that evaluation does not measure again (cross-validation, losses)."""
    again = {r.metric for f in plan.functions if f.name in plan.evaluation for r in f.returns if r.metric}
    every = {r.metric for f in plan.functions for r in f.returns if r.metric}
    return tuple(sorted(every - again))


def _needs_a_model(evidence: Evidence) -> bool:
    """Tell whether evaluation itself, or what it loads the model with, says that nothing has been trained."""
    functions = [*evidence.sources.functions[EVALUATE].values()]
    loader = evidence.sources.function("src/artefacts.py", "load_artefact")
    if loader is not None and "load_artefact(" in evidence.tree.get(EVALUATE, ""):
        functions.append(loader)
    return any("FileNotFoundError" in function.raises for function in functions)


def tracking(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The run has the metrics and the settings, and its model predicts for its input example."""
    if "mlflow" not in evidence.sources.imports.get(TRAIN, ()):
        return
    served = [saved.name for saved in evidence.plan.saved if saved.served]
    yield _test("test_run_is_tracked", "tracked", ("import mlflow",))
    if evidence.subject is not None and evidence.subject.name in served:
        yield _test(
            "test_logged_model_predicts",
            "logged",
            ("import mlflow",),
            model=evidence.subject.name,
            example=f'examples["{evidence.subject.name}"]' in evidence.tree.get(TRAIN, ""),
        )


def end_to_end(evidence: Evidence) -> Iterator[GeneratedTest]:
    """Training, then evaluation, on a few made-up rows."""
    if evidence.recording.schemas:
        yield _test(
            "test_training_and_evaluation_of_made_up_rows",
            "end_to_end",
            (
                "from pathlib import Path",
                "from src.config import load_config",
                "from src.training.train import train",
                f"from {dotted(EVALUATE)} import evaluate",
                "from tests.synthetic import write_rows",
            ),
            overrides=evidence.output_overrides("tmp_path"),
            data=evidence.data_paths(),
            tolerance=tolerance(evidence),
        )
