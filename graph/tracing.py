"""Each run as one trace: its spans are kept beside its facts, node by node, and brought to MLflow when it ends."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langgraph.errors import GraphBubbleUp

from graph.record import state_folder
from graph.state import RunState, StepRecord
from tools.secrets import redact
from tools.spans import Span, Told, collected, span
from tools.team.model import TeamFiles
from tools.team.steps import AGENT_OF

SPANS = "spans.jsonl"
SECONDS = 300.0
"""Time that MLflow may take; making a new store takes it some."""
Node = Callable[[RunState], dict[str, Any]]
_STEP_OF = {agent: step for step, agent in AGENT_OF.items()}


def traced(name: str, node: Node) -> Node:
    """Return a node that also records what it did: its own span, and those of its checks and calls inside."""

    def work(state: RunState) -> dict[str, Any]:
        folder = state.get("run_dir", "")
        if not folder or not state["team"].config.tracking.trace:
            return node(state)
        with collected() as spans:
            try:
                with span(name, "node") as told:
                    try:
                        update = node(state)
                    except GraphBubbleUp:
                        told.attributes["waits"] = True
                        raise
                    _tell(told, name, state, update)
            finally:
                _keep(Path(folder), spans)
        return update

    return work


def _tell(told: Told, name: str, state: RunState, update: dict[str, Any]) -> None:
    """Say of a node's span what it did: figures, codes and our own words, nothing of the user's data."""
    step = _STEP_OF.get(name)  # type: ignore[call-overload]
    if step:
        record: StepRecord = update["steps"][step]
        told.name = f"{name} (attempt {record.attempts})" if record.attempts > 1 else name
        told.attributes |= {"step": step, "attempt": record.attempts, "summary": record.summary}
        if record.sent_back:
            told.attributes["sent_back_by"] = ", ".join(record.sent_back)
    elif name == "reviewer":
        codes = sorted({found.code for found in update["diagnostics"] if found.severity == "error"})
        told.name = f"reviewer (round {update['rounds']})" if update["rounds"] > 1 else name
        told.attributes |= {"round": update["rounds"], "verdict": str(update["review_verdict"] or "")}
        told.attributes |= {"errors": ", ".join(codes)} if codes else {}
    before, after = state["spent"], update.get("spent", state["spent"])
    if after.total_tokens() > before.total_tokens():
        told.attributes["tokens"] = after.total_tokens() - before.total_tokens()
        told.attributes["usd"] = round(after.total_usd() - before.total_usd(), 6)


def _keep(folder: Path, spans: list[Span]) -> None:
    """Append the spans of a node to those of the run; a node that was killed leaves none."""
    lines = "".join(f"{_masked(found).model_dump_json()}\n" for found in spans)
    with (folder / SPANS).open("a", encoding="utf-8") as file:
        file.write(lines)


def _masked(found: Span) -> Span:
    told = {key: redact(value) if isinstance(value, str) else value for key, value in found.attributes.items()}
    return found.model_copy(update={"attributes": told})


def store_address(team: TeamFiles) -> str:
    """Return where traces go: as the team says, else a database in the state folder."""
    return team.config.tracking.uri or f"sqlite:///{state_folder() / 'mlflow.db'}"


def write_trace(state: RunState) -> str:
    """Bring a run to MLflow, in a process of its own; an earlier trace of the same run is replaced.

    Args:
        state: At its end, or where it stopped.

    Returns:
        Why there is no trace, one sentence; empty where there is one or none is asked for.
    """
    folder = Path(state["run_dir"])
    if not state["team"].config.tracking.trace or not (folder / SPANS).is_file():
        return ""
    address = store_address(state["team"])
    argv = [sys.executable, "-m", "graph.trace_store", str(folder), address, state["thread_id"]]
    argv += [Path(state["notebook"]).name, str(state.get("verdict") or "unfinished")]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"the trace of the run was not written to {address}: MLflow took more than {SECONDS:.0f} s"
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return f"the trace of the run was not written to {address}: {redact(said)[:300]}"
    return ""
