"""Tests of the model: construction from the settings, predictions for a few rows."""

from collections.abc import Iterator

from tools.render.data_tests import SECONDS
from tools.render.engine import render
from tools.render.evidence import MODEL, Evidence, GeneratedTest, tolerance
from tools.render.recording import ModelRecord

_STAGES = "from tests.stages import Stages"
_SUMMARY = "from tests.summary import recorded, summary"
_CONFIG = "from src.config import load_config"


def _test(name: str, template: str, imports: tuple[str, ...], **context: object) -> GeneratedTest:
    source = render(f"tests/{template}.py.j2", name=name, **context)
    return GeneratedTest(
        file=MODEL, name=name, imports=("import pytest", "import numpy as np", *imports), source=source
    )


def hyperparameters(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A changed setting arrives in the model."""
    for call in evidence.flow.calls:
        if call.plan.stage == "data":
            continue
        arrivals = evidence.recording.settings.get(call.name, ())
        arrived = [arrival for arrival in arrivals if arrival.mode == "parameter"]
        needs_stages = any(p.live_in for p in call.passed)
        context = {"call": call.source("stages."), "result": call.name, "needs_stages": needs_stages}
        imports = (_STAGES, _CONFIG, evidence.imports(call))
        if arrived:
            name = f"test_{call.name}_takes_its_settings"
            yield _test(name, "hyperparameters", imports, arrivals=arrived, **context)
        differs = [arrival.override for arrival in arrivals if arrival.mode == "differs"]
        if differs and call.plan.stage == "model":
            name = f"test_{call.name}_follows_the_settings"
            yield _test(name, "follows", (*imports, _SUMMARY), overrides=differs, **context)


def predictions(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The trained model predicts for a few rows: shape, range, and for all rows what was recorded."""
    subject, model = evidence.subject, evidence.recording.model
    if subject is None or not (model.predict or model.forward):
        return
    yield _test(
        f"test_{subject.name}_predicts_for_a_few_rows",
        "forward" if model.forward else "predict",
        (_STAGES, "import torch") if model.forward else (_STAGES,),
        subject=subject,
        model=model,
        batch=_batch(model),
    )
    if model.predictions:
        yield _test(
            f"test_{subject.name}_gives_the_recorded_predictions",
            "predictions",
            (_STAGES, _SUMMARY, "import torch") if model.forward else (_STAGES, _SUMMARY),
            subject=subject,
            features=model.features,
            forward=model.forward is not None,
            tolerance=tolerance(evidence),
        )


def _batch(model: ModelRecord) -> str:
    """Return the expression of five rows."""
    if model.mode == "loader":
        return f"next(iter(stages.{model.features}))[0][:5]"
    return f"stages.{model.features}[:5]"


def unfitted(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A model that has not been trained does not predict."""
    subject, exception = evidence.subject, evidence.recording.model.unfitted
    if subject is None or exception != "NotFittedError":
        return
    call = evidence.flow.call(subject.unfitted.split(".")[0].split("[")[0])
    if call is None or evidence.recording.results[call.name].seconds > SECONDS:
        return
    yield _test(
        f"test_{subject.name}_is_built_untrained",
        "unfitted",
        (
            _STAGES,
            "from src.config import Config",
            "from sklearn.exceptions import NotFittedError",
            evidence.imports(call),
        ),
        call=call.source("stages."),
        field=subject.unfitted[len(call.name) :],
        features=evidence.recording.model.features,
        configured=any(not passed.live_in for passed in call.passed),
    )
