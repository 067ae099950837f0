"""Logs an evaluation to MLflow: one run for the whole, one below it for each sample."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.intervals import Mean
from evals.model import RunRecord, Score
from tools.frozen import Frozen

EXPERIMENT = "ml-productionize-eval"


class Tracked(Frozen):
    """Where the results are: `mlflow ui --backend-store-uri <uri>` shows them."""

    uri: str
    run_id: str


def store(folder: Path) -> str:
    """Return the address of the tracking store: `MLFLOW_TRACKING_URI`, else a database in the folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{(folder / 'mlflow.db').absolute()}"


def log_evaluation(
    folder: Path,
    scores: Sequence[Score],
    averages: Sequence[Mean],
    records: Mapping[tuple[str, int], RunRecord],
    parameters: Mapping[str, str],
    files: Sequence[Path] = (),
) -> Tracked:
    """Log parameters, metrics and artefacts.

    Args:
        folder: Where the embedded store lies; `MLFLOW_TRACKING_URI` goes before it.
        scores: Of all samples.
        averages: Over the samples.
        records: By sample and repetition.
        parameters: Of the evaluation.
        files: Artefacts of the whole evaluation.

    Returns:
        Where it was logged.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    from mlflow.tracking import MlflowClient

    uri = store(folder)
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    artifacts = None if os.environ.get("MLFLOW_TRACKING_URI") else (folder / "artifacts").absolute().as_uri()
    number = (
        experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT, artifact_location=artifacts)
    )
    parent = client.create_run(number, run_name="evaluation").info.run_id
    for key, value in sorted(parameters.items()):
        client.log_param(parent, key, value)
    for average in averages:
        for name, figure in (("mean", average.mean), ("low", average.low), ("high", average.high)):
            client.log_metric(parent, f"{average.scorer}_{name}", figure)
    for path in files:
        client.log_artifact(parent, str(path))
    for (sample, repeat), record in sorted(records.items()):
        tags = {"mlflow.parentRunId": parent, "sample": sample, "repeat": str(repeat)}
        child = client.create_run(number, run_name=f"{sample} {repeat}", tags=tags, start_time=int(time.time() * 1000))
        for score in scores:
            if (score.sample, score.repeat) == (sample, repeat) and score.value is not None:
                client.log_metric(child.info.run_id, score.scorer, score.value)
        client.log_text(child.info.run_id, json.dumps(record.plan, indent=2, sort_keys=True), "plan.json")
        client.log_text(child.info.run_id, json.dumps(record.run, indent=2, sort_keys=True), "run.json")
        for name in ("REPORT.md", "EXTRACTION_PLAN.md"):
            if (record.out / name).is_file():
                client.log_artifact(child.info.run_id, str(record.out / name))
        if record.error:
            client.log_text(child.info.run_id, record.error, "error.txt")
        client.set_terminated(child.info.run_id, status="FINISHED" if record.run else "FAILED")
    client.set_terminated(parent)
    return Tracked(uri=uri, run_id=parent)
