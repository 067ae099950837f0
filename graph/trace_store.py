"""A process of its own that brings the spans of a run to MLflow: what MLflow does on import stays out of the run.

`python -m graph.trace_store RUN_FOLDER STORE THREAD NOTEBOOK VERDICT`
"""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.caches import held
from tools.spans import Span

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

EXPERIMENT = "ml-productionize"
_KINDS = {"node": "AGENT", "check": "EVALUATOR", "call": "CHAT_MODEL", "tool": "TOOL"}
_SQLITE = "sqlite:///"


def read_spans(path: Path) -> list[Span]:
    """Return the spans of a run, each after the one that it took place in; a line cut off by a kill is left out."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(Span.model_validate_json(line))
        except ValueError:
            continue
    return sorted(found, key=lambda one: (one.began, -one.ended))


def write(folder: Path, address: str, thread: str, notebook: str, verdict: str) -> str:
    """Write the spans of a run as one trace and return its id.

    Args:
        folder: Of the run.
        address: Of the MLflow store; an SQLite database that is not there is made.
        thread: Id of the run.
        notebook: Its name.
        verdict: How the run ended.
    """
    spans = read_spans(folder / "spans.jsonl")
    if not spans:
        return ""
    if not address.startswith(_SQLITE):
        return _written(spans, address, None, thread, notebook, verdict)
    database = Path(address.removeprefix(_SQLITE))
    database.parent.mkdir(parents=True, exist_ok=True)
    with held(database):
        _make(database)
        artifacts = database.with_name("mlflow-artifacts").as_uri()
        return _written(spans, address, artifacts, thread, notebook, verdict)


def _make(database: Path) -> None:
    """Begin with a migrated copy where there is no database yet: MLflow takes seconds to make one."""
    if database.exists():
        return
    from tools.checks.tracking import migrated_store
    from tools.environment import find_interpreter

    made = migrated_store(find_interpreter(None, None))
    if made is not None:
        shutil.copyfile(made, database)


def _written(spans: list[Span], address: str, artifacts: str | None, thread: str, notebook: str, verdict: str) -> str:
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"
    import mlflow
    from mlflow.tracking import MlflowClient

    mlflow.set_tracking_uri(address)
    client = MlflowClient(tracking_uri=address)
    known = client.get_experiment_by_name(EXPERIMENT)
    number = known.experiment_id if known else client.create_experiment(EXPERIMENT, artifact_location=artifacts)
    _forget(client, number, thread)
    root = mlflow.start_span_no_context(
        f"{notebook}: {verdict}",
        span_type="WORKFLOW",
        inputs={"notebook": notebook},
        tags={"thread_id": thread, "verdict": verdict},
        experiment_id=number,
        start_time_ns=min(found.began for found in spans),
    )
    opened: dict[str, Any] = {}
    for found in spans:
        opened[found.id] = mlflow.start_span_no_context(
            found.name,
            span_type=_KINDS[found.kind],
            parent_span=opened.get(found.parent, root),
            inputs={"question": found.attributes["question"]} if "question" in found.attributes else None,
            attributes=_attributes(found),
            start_time_ns=found.began,
        )
    for found in reversed(spans):
        one = opened[found.id]
        if "answer" in found.attributes:
            one.set_outputs({"answer": found.attributes["answer"]})
        one.end(status="ERROR" if found.failed else "OK", end_time_ns=found.ended)
    root.set_outputs({"verdict": verdict})
    root.end(status="ERROR" if verdict == "failed" else "OK", end_time_ns=max(found.ended for found in spans))
    return str(root.trace_id)


def _attributes(found: Span) -> dict[str, Any]:
    """Return what MLflow keeps of a span: a call's tokens and dollars also under the keys that it adds up."""
    told: dict[str, Any] = {k: v for k, v in found.attributes.items() if k not in ("question", "answer")}
    if found.kind != "call":
        return told
    tokens_in, tokens_out = int(told.get("tokens_in") or 0), int(told.get("tokens_out") or 0)
    usage = {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    told |= {"mlflow.chat.tokenUsage": usage, "mlflow.llm.model": told.get("model", "")}
    if told.get("usd") is not None:
        told["mlflow.llm.cost"] = {"input_cost": 0.0, "output_cost": 0.0, "total_cost": float(told["usd"])}
    return told


def _forget(client: "MlflowClient", experiment: str, thread: str) -> None:
    """Remove the trace that was written when the run stopped before."""
    found = client.search_traces(
        locations=[experiment], filter_string=f"tags.thread_id = '{thread}'", include_spans=False
    )
    if found:
        client.delete_traces(experiment, trace_ids=[trace.info.trace_id for trace in found])


if __name__ == "__main__":
    write(Path(sys.argv[1]), *sys.argv[2:6])
