"""Agents that edit with tools: what they mend is kept where it is better, taken back else; the run never ends worse."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_line import agents
from scripted_model import Action, ScriptedModel, answer, completion, status, text

from agents.model import StepInput, StepOutput
from agents.reviewer import Review
from graph.history import redone_from
from graph.nodes import Line
from graph.run import resume, start
from graph.state import RunInput, RunState
from graph.summary import result_object
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult
from tools.checks.request import CheckRequest
from tools.workspace import Workspace

DIAGNOSIS = answer({"cause": "x is wrong", "step": "structure", "action": "make it right", "files": ["src/a.py"]})
MEND = {"path": "src/a.py", "old": "x = 1", "new": "x = 2"}
TASK = """
steps:
  - name: extract
  - name: structure
  - name: notes
    task: Write docs/notes.md on {{subject}}.
    checks: ["grep -q rows docs/notes.md"]
  - name: harden
variables: {subject: rows}
"""


def use(name: str, arguments: dict[str, Any]) -> Action:
    call = {"id": "t", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return completion({"tool_calls": [call]}, finish="tool_calls")


def edit(**arguments: str) -> list[Action]:
    """An agent that edits once and says so."""
    return [use("edit", {"path": "src/a.py", "old": "x = 1", **arguments}), text("edited")]


def judge(request: CheckRequest) -> Review:
    """The package is right where x is 2; where it is 3, equivalence is lost; where y is 1, another error is there."""
    source = (request.tree / "src/a.py").read_text()
    wrong = [] if "x = 2" in source else [("X", "x must be 2")]
    wrong += [("Y", "y must not be 1")] if "y = 1" in source else []
    found = tuple(
        Diagnostic(code=code, message=said, step="structure", check="judge", file="src/a.py") for code, said in wrong
    )
    equal = EquivalenceResult(status="different" if "x = 3" in source else "proven", compared=4, equal=4)
    results = (
        CheckResult(name="judge", status="failed" if found else "passed", diagnostics=found),
        CheckResult(name="equivalence", status="failed" if "x = 3" in source else "passed"),
    )
    verdict = "failed" if found else "verified"
    return Review(results=results, equivalence=equal, diagnostics=found, verdict=verdict)  # type: ignore[arg-type]


def line(source: str, calls: list[str] | None = None) -> Line:
    made = agents({}, calls if calls is not None else [])

    def structure(given: StepInput) -> StepOutput:
        output = made["structure"](given)
        return output.model_copy(update={"files": {**output.files, "src/a.py": source}})

    return Line({**made, "structure": structure}, judge)


def dispatched(script: list[Action]) -> tuple[list[Action], list[dict[str, Any]]]:
    """Give a script to agents and diagnoses alone; other questions are answered with nothing to propose."""
    rest, seen = list(script), []

    def action(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        names = [tool["function"]["name"] for tool in request.get("tools", [])]
        form = json.dumps(request.get("tools", []))
        if "edit" not in names and '"cause"' not in form:
            return text("{}" if names else "yes")(request)
        seen.append(request)
        return (rest.pop(0) if len(rest) > 1 else rest[0])(request)

    return [action], seen


Run = Callable[..., RunState]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def started(script: list[Action], source: str = "x = 1\n", pipeline: str = "", **overrides: str) -> RunState:
        notebook = tmp_path / "work" / "nb.py"
        notebook.parent.mkdir()
        (notebook.parent / ".git").mkdir()
        notebook.write_text("# %%\nx = 1\n")
        if pipeline:
            (notebook.parent / "ml-productionize.yaml").write_text(pipeline)
        actions, seen = dispatched(script)
        with ScriptedModel(actions) as server:
            given = RunInput(
                notebook=str(notebook),
                out=str(tmp_path / "out"),
                overrides={
                    "llm.model": "openai/gpt-4.1",
                    "llm.base_url": server.url,
                    "llm.max_retries": "0",
                    **{key.replace("__", "."): value for key, value in overrides.items()},
                },
            )
            state = start(given, events.append, line=line(source))
        requests[:] = seen
        return state

    events: list[dict[str, Any]] = []
    requests: list[dict[str, Any]] = []
    started.events, started.requests = events, requests  # type: ignore[attr-defined]
    return started


def tree(state: RunState) -> dict[str, str]:
    return Workspace(Path(state["out"])).texts()


def statuses(state: RunState) -> list[tuple[str, str]]:
    return [(patch.work, patch.status) for patch in state["mending"].patches]


def test_what_no_policy_mends_an_agent_mends(run: Run) -> None:
    state = run([DIAGNOSIS, *edit(new="x = 2")])

    assert state["verdict"] == "verified"
    assert tree(state)["src/a.py"] == "x = 2\n"
    assert statuses(state) == [("repair", "accepted")]
    asked = run.requests[1]["messages"]  # type: ignore[attr-defined]
    assert "x is wrong Step structure should do this: make it right" in asked[1]["content"]
    assert "judge: src/a.py X: x must be" in asked[1]["content"]
    [work] = state["mending"].works
    assert (work.calls, work.input_tokens, work.output_tokens, work.problem) == (3, 300, 60, "")
    assert state["spent"].tokens["mender"] == 360


def test_edits_outlive_the_policies_that_write_the_file_anew(run: Run) -> None:
    state = run([DIAGNOSIS, *edit(new="x = 2")])

    with ScriptedModel(dispatched([text("nothing")])[0]) as server:
        change = redone_from("structure", {"llm.base_url": server.url})
        again = resume(state["thread_id"], lambda _: None, line=line("x = 1\ny = 5\n"), change=change)

    assert again["verdict"] == "verified"
    assert tree(again)["src/a.py"] == "x = 2\ny = 5\n"


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("x = 1\ny = 1", "2 errors would be left of 1"),
        ("x = 3", "equivalence was proven and would be different"),
        ("x = 4", "1 errors would be left of 1"),
    ],
)
def test_edits_that_make_it_no_better_are_taken_back_and_the_reason_is_told(run: Run, new: str, reason: str) -> None:
    first, second = edit(new=new), edit(new="x = 2")
    state = run([DIAGNOSIS, *first, DIAGNOSIS, *second])

    assert state["verdict"] == "verified"
    assert statuses(state) == [("repair", "rejected"), ("repair", "accepted")]
    assert reason in state["mending"].patches[0].reason
    assert reason in str(run.requests[4]["messages"])  # type: ignore[attr-defined]
    assert tree(state)["src/a.py"] == "x = 2\n"


def test_where_agents_fail_too_the_run_ends_as_it_would_have_without(run: Run, tmp_path: Path) -> None:
    state = run([DIAGNOSIS, *edit(new="x = 3"), DIAGNOSIS, *edit(new="x = 4")])

    assert state["verdict"] == "failed"
    assert state["reason"] == "no further repair is known for step structure: X: x must be 2"
    assert not state["budget_ended"]
    assert tree(state)["src/a.py"] == "x = 1\n"
    assert statuses(state) == [("repair", "rejected")] * 2
    assert state["best"] is not None
    assert state["best"].errors == 1


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ([DIAGNOSIS, text("I cannot.")], "the agent edited nothing"),
        ([DIAGNOSIS, status(400, "tools are not supported")], "the server refuses the request"),
        ([status(500)], "does not answer"),
        ([DIAGNOSIS, use("search", {"text": "xx"})], "asked for the same"),
        ([DIAGNOSIS, use("edit", {"path": "pyproject.toml", "old": "", "new": "x"})], "asked for the same"),
        ([DIAGNOSIS, use("rm", {})], "asked for the same"),
    ],
)
def test_an_agent_that_edits_nothing_changes_nothing(run: Run, script: list[Action], problem: str) -> None:
    state = run(script)

    assert state["verdict"] == "failed"
    assert state["reason"].startswith("no further repair is known")
    assert statuses(state) == []
    assert any(problem in event["text"] for event in run.events if event["node"] == "mender")  # type: ignore[attr-defined]


def test_the_budget_ends_a_repair_and_the_reason_stays_that_of_the_run(run: Run) -> None:
    dear = text("edited", usage={"prompt_tokens": 3000, "completion_tokens": 300, "total_tokens": 3300})
    first = [DIAGNOSIS, edit(new="x = 3")[0], dear]
    state = run([*first, DIAGNOSIS, *edit(new="x = 2")], budget__max_tokens="4000")

    assert state["verdict"] == "failed"
    assert state["reason"].startswith("no further repair is known")
    assert not state["budget_ended"]
    assert state["spent"].total_tokens() <= 4000


def test_a_rule_of_the_team_holds_for_agents_too(run: Run) -> None:
    state = run([DIAGNOSIS, *edit(new="x = 2")], guardrails__code_rules='[{pattern: "x = 2", message: no two}]')

    assert state["verdict"] == "failed"
    assert statuses(state) == []


def test_a_task_of_the_team_is_done_on_the_finished_package(run: Run) -> None:
    notes = use("edit", {"path": "docs/notes.md", "old": "", "new": "On rows."})
    state = run([notes, text("The notes are written.")], "x = 2\n", TASK)

    assert state["verdict"] == "verified"
    assert tree(state)["docs/notes.md"] == "On rows.\n"
    assert statuses(state) == [("notes", "accepted")]
    record = state["steps"]["notes"]
    assert record.summary == "1 edits in docs/notes.md: The notes are written.; 1 of 1 checks pass"
    assert record.findings == ()
    assert any("Write docs/notes.md on rows." in str(r["messages"]) for r in run.requests)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([use("edit", {"path": "docs/notes.md", "old": "", "new": "On columns."}), text("done")], "step-check"),
        (edit(old="x = 2", new="x = 3"), "edits were taken back"),
        ([text("This cannot be done.")], "This cannot be done."),
    ],
)
def test_a_task_that_spoils_the_package_or_fails_its_checks_is_taken_back_and_reported(
    run: Run, edits: list[Action], said: str
) -> None:
    pipeline = TASK if said == "step-check" else re.sub("    checks.*\n", "", TASK)
    state = run([*edits, *edits], "x = 2\n", pipeline)

    assert tree(state)["src/a.py"] == "x = 2\n"
    assert "docs/notes.md" not in tree(state)
    told = [d for d in state["diagnostics"] if d.check == "steps"]
    assert "the task of step notes was not done" in told[0].message
    if said == "step-check":
        assert state["verdict"] == "failed", "the check of the step fails, as it does without a model"
        assert [d.code for d in told] == ["step-not-done", "step-check"]
    else:
        assert state["verdict"] == "verified"
        assert said in told[0].message


def test_without_a_model_a_task_is_not_done_as_before(run: Run) -> None:
    state = run([text("")], "x = 2\n", TASK.replace("rows docs/notes.md", "x src/a.py"), llm__model="none")

    assert state["verdict"] == "verified"
    assert state["steps"]["notes"].summary == (
        "the task of step notes was not done: no chat model is configured; 1 of 1 checks pass"
    )
    assert run.requests == []  # type: ignore[attr-defined]


def test_what_was_edited_and_spent_is_in_the_result(run: Run) -> None:
    state = run([DIAGNOSIS, *edit(new="x = 2")])
    found = result_object(state)

    assert [(row["agent"], row["calls"]) for row in found["models"]][-1] == ("reviewer: repair", 3)
    assert [(row["agent"], row["status"]) for row in found["proposals"]] == [("reviewer: repair", "accepted")]
    assert "1 edits in src/a.py: edited" in found["proposals"][0]["proposal"]
