"""A run as one MLflow trace: a span per attempt of a node, per check and per call of a model, read by its client."""

import random
from pathlib import Path
from typing import Any

import pytest
from mlflow.entities import Trace
from mlflow.tracking import MlflowClient
from pydantic import BaseModel
from scripted_line import agents, judge
from scripted_model import ScriptedModel, answer

import graph.run
from agents.llm import ask
from agents.model import StepInput, StepOutput
from agents.reviewer import Review
from agents.reviewer import review as really_review
from graph import trace_store
from graph.nodes import Line
from graph.record import run_folder, state_folder
from graph.run import resume, start
from graph.state import RunInput, RunState
from graph.tracing import SPANS
from tools.checks.model import CheckResult
from tools.checks.request import CheckRequest, Outcome
from tools.errors import UserError
from tools.spans import Span, collected, span
from tools.team.model import LlmConfig

SECRET = "sk-" + "a1B2c3D4e5" * 4


class Name(BaseModel):
    """A name."""

    name: str


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "nb.py"
    path.parent.mkdir()
    path.write_text("# %%\nx = 1\n")
    return path


def run(notebook: Path, line: Line, *, trace: bool = True, **overrides: str) -> tuple[RunState, list[dict[str, Any]]]:
    events: list[dict[str, Any]] = []
    given = RunInput(
        notebook=str(notebook),
        out=str(notebook.parent.parent / "out"),
        overrides={"tracking.trace": str(trace).lower(), **{k.replace("__", "."): v for k, v in overrides.items()}},
    )
    return start(given, events.append, line=line), events


def traces() -> list[Trace]:
    client = MlflowClient(tracking_uri=f"sqlite:///{state_folder() / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("ml-productionize")
    return list(client.search_traces(locations=[experiment.experiment_id]))


def spans_of(thread_id: str) -> list[Span]:
    lines = (run_folder(thread_id) / SPANS).read_text().splitlines()
    return [Span.model_validate_json(line) for line in lines]


def checked(request: CheckRequest) -> Review:
    """The scripted review, with two real calls of the reviewer's loop over checks that cost nothing."""

    def check(_: CheckRequest) -> Outcome:
        return Outcome(result=CheckResult(name="ruff", status="passed", summary="clean"))

    really_review(request, {"ruff": check, "mypy": check})
    return judge(request)


def test_a_run_is_one_trace_with_its_nodes_checks_and_calls(notebook: Path) -> None:
    with ScriptedModel([answer({"name": "loader"})]) as server:
        config = LlmConfig(model="openai/gpt-4.1", base_url=server.url)

        def asking(given: StepInput) -> StepOutput:
            ask(config, "Give a name.", f"cell 1 has key {SECRET}", Name)
            return made["harden"](given)

        made = agents({"test": lambda given: given.attempt == 1}, [])
        state, events = run(notebook, Line({**made, "harden": asking}, checked))

    [trace] = traces()
    assert [e["text"] for e in events if e["node"] == "tracing" and e["event"] == "note"] == []
    assert (trace.info.tags["thread_id"], trace.info.tags["verdict"]) == (state["thread_id"], "verified")
    spans = {found.name: found for found in trace.data.spans}
    assert {"extractor", "hardener", "tester", "tester (attempt 2)", "reviewer", "reviewer (round 2)"} <= set(spans)
    by_id = {found.span_id: found.name for found in trace.data.spans}
    assert by_id[spans["ask openai/gpt-4.1"].parent_id] == "hardener"
    assert {by_id[found.parent_id] for found in trace.data.spans if found.name == "mypy"} == {
        "reviewer",
        "reviewer (round 2)",
    }
    assert spans["tester (attempt 2)"].attributes["sent_back_by"] == "W"
    call = spans["ask openai/gpt-4.1"]
    assert (call.attributes["tokens_in"], call.attributes["tokens_out"]) == (100, 20)
    assert call.attributes["usd"] == pytest.approx(100 * 2e-6 + 20 * 8e-6)
    assert len(str(call.attributes["prompt_version"])) == 12
    assert trace.info.token_usage["total_tokens"] == 120
    assert all(found.start_time_ns <= (found.end_time_ns or 0) for found in trace.data.spans)
    assert SECRET not in (run_folder(state["thread_id"]) / SPANS).read_text()
    assert "secret removed" in str(call.inputs)

    address = f"sqlite:///{state_folder() / 'mlflow.db'}"
    trace_store.write(run_folder(state["thread_id"]), address, state["thread_id"], "nb.py", "failed")
    assert [t.info.tags["verdict"] for t in traces()] == ["failed"], "a run that went on has one trace, its last"


def test_what_was_cut_off_by_an_error_is_written_and_again_when_the_run_has_ended(
    notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = agents({}, [])
    written: list[str] = []
    monkeypatch.setattr(graph.run, "write_trace", lambda state: written.append(str(state.get("verdict"))) or "")

    def stopped(given: StepInput) -> StepOutput:
        raise UserError("the disk is full")

    with pytest.raises(UserError, match="the disk is full"):
        run(notebook, Line({**made, "test": stopped}, judge))
    state = resume("", lambda _: None, line=Line(made, judge))

    assert written == ["None", "verified"]
    assert [found.name for found in spans_of(state["thread_id"])].count("extractor") == 1
    assert [found.failed for found in spans_of(state["thread_id"]) if found.name == "tester"] == [True, False]


def test_one_switch_leaves_no_trace(notebook: Path) -> None:
    state, _ = run(notebook, Line(agents({}, []), judge), trace=False)

    assert not (run_folder(state["thread_id"]) / SPANS).exists()
    assert not (state_folder() / "mlflow.db").exists()


def test_a_store_that_cannot_be_used_is_told_and_spoils_nothing(notebook: Path) -> None:
    state, events = run(notebook, Line(agents({}, []), judge), tracking__uri="sqlite:////proc/none/mlflow.db")

    [said] = [e["text"] for e in events if e["node"] == "tracing" and e["event"] == "note"]
    assert said.startswith("the trace of the run was not written to sqlite:////proc/none/mlflow.db: ")
    assert state["verdict"] == "verified"


def test_recording_draws_no_random_number_and_costs_nothing_where_nobody_collects() -> None:
    random.seed(1)
    expected = random.Random(1).random()

    with span("alone", "node"):
        pass
    with collected() as kept, span("outer", "node"), span("inner", "check", status="passed"):
        pass

    assert random.random() == expected
    assert [(found.name, found.parent) for found in kept] == [("inner", kept[1].id), ("outer", "")]


def test_a_span_that_ends_with_an_exception_has_failed() -> None:
    with collected() as kept, pytest.raises(ValueError), span("broken", "tool"):
        raise ValueError

    assert kept[0].failed
