"""People in the loop: a run stops and asks, and an answer is honoured, told apart and kept."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_line import agents, judge

from agents.extractor import extract
from agents.model import StepInput, StepOutput
from graph.approval import Reply, question
from graph.asking import ask
from graph.nodes import Line
from graph.run import open_run, resume, start
from graph.state import RunInput, RunState
from graph.summary import exit_code
from tools.checks.model import STEPS
from tools.errors import ExitCode, UserError
from tools.plan.edits import PlanEdits

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import Ridge
# %%
df = pd.DataFrame({"a": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.5]})
# %%
model = Ridge(alpha=0.5)
model.fit(df[["a"]], df["y"])
score = model.score(df[["a"]], df["y"])
# %%
df.describe()
"""


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def told(calls: list[str]) -> list[StepInput]:
    return []


@pytest.fixture
def line(calls: list[str], told: list[StepInput]) -> Line:
    """The real extractor; the other steps write one file each."""

    def planned(given: StepInput) -> StepOutput:
        calls.append("extract")
        told.append(given)
        output = extract(given)
        return output.model_copy(update={"files": {**output.files, "extract.txt": "right\n"}})

    return Line({**agents({}, calls), "extract": planned}, judge)


@pytest.fixture
def begin(tmp_path: Path, line: Line) -> Callable[..., RunState]:
    def work(approve: str = "plan", **overrides: str) -> RunState:
        notebook = tmp_path / "work" / "nb.py"
        notebook.parent.mkdir()
        notebook.write_text(NOTEBOOK)
        given = RunInput.model_validate(
            {
                "notebook": str(notebook),
                "out": str(tmp_path / "out"),
                "execute": False,
                "approve": approve,
                "overrides": {key.replace("__", "."): value for key, value in overrides.items()},
            }
        )
        return start(given, lambda _: None, "one", line)

    return work


def answer(line: Line, **reply: Any) -> RunState:
    return resume("one", lambda _: None, line, reply=Reply(**reply))


def plan_text(state: RunState) -> str:
    return (Path(state["out"]) / "EXTRACTION_PLAN.md").read_text()


def test_the_run_stops_with_the_plan_and_nothing_else(begin: Callable[..., RunState], calls: list[str]) -> None:
    state = begin()

    assert (state["awaiting"], state["verdict"], calls) == ("extract", None, ["extract"])
    assert exit_code(state) is ExitCode.WAITING
    asked = question(state)
    assert asked["answers"] == ["accept", "edit", "reject"]
    assert asked["look_at"].endswith("out/EXTRACTION_PLAN.md")
    assert len(json.dumps(asked)) < 1000


def test_accepted_it_goes_on_to_the_end(begin: Callable[..., RunState], line: Line, calls: list[str]) -> None:
    begin()
    state = answer(line, action="accept")

    assert (state["verdict"], calls) == ("verified", list(STEPS))
    assert [a.action for a in state["answers"]] == ["accept"]


def test_without_an_answer_it_goes_on_waiting(begin: Callable[..., RunState], line: Line, calls: list[str]) -> None:
    begin()
    assert resume("one", lambda _: None, line)["awaiting"] == "extract"
    assert calls == ["extract"]


def test_an_edited_plan_is_honoured(begin: Callable[..., RunState], line: Line, calls: list[str]) -> None:
    text = plan_text(begin())
    edited = text.replace("| `train_ridge` |", "| `fit_line` |").replace("`model.ridge.alpha` |", "`model.penalty` |")
    edited = re.sub(r"\| c4 \| explore \| dropped: .* \|", "| c4 | explore | kept |", edited)
    assert edited.count("fit_line") == edited.count("model.penalty") == edited.count("| kept |") == 1

    state = answer(line, action="edit", plan=edited)

    assert state["verdict"] == "verified"
    assert calls == ["extract", *STEPS]
    assert "| `fit_line` |" in plan_text(state)
    assert "| `model.penalty` |" in plan_text(state)
    assert "| c4 | explore | kept: a person asked for it |" in plan_text(state)
    assert not state["edits"]


def test_an_edit_that_cannot_be_honoured_leaves_the_run_waiting(begin: Callable[..., RunState], line: Line) -> None:
    text = plan_text(begin())

    with pytest.raises(UserError, match=r"its value of `model\.ridge\.alpha` cannot be changed here"):
        answer(line, action="edit", plan=text.replace("| 0.5 |", "| 0.7 |"))

    assert resume("one", lambda _: None, line)["awaiting"] == "extract"


def test_a_reason_that_is_understood_changes_the_plan(begin: Callable[..., RunState], line: Line) -> None:
    begin()
    state = answer(line, action="reject", reason="rename train_ridge to fit_line")

    assert state["awaiting"] == "extract"
    assert "| `fit_line` |" in plan_text(state)
    assert answer(line, action="accept")["verdict"] == "verified"


def test_a_reason_that_is_not_understood_is_kept_and_said(
    begin: Callable[..., RunState], line: Line, calls: list[str]
) -> None:
    begin()
    state = answer(line, action="reject", reason="make it nicer")

    assert state["awaiting"] == "extract"
    assert calls == ["extract"]
    assert "rejected (make it nicer), and nothing was changed: without a chat model" in question(state)["last_answer"]
    assert state["answers"][-1].reason == "make it nicer"


def test_with_a_chat_model_the_reason_reaches_the_agent(
    begin: Callable[..., RunState], line: Line, told: list[StepInput]
) -> None:
    begin(llm__model="openai/some-model")
    state = answer(line, action="reject", reason="make it nicer")

    assert state["awaiting"] == "extract"
    assert told[0].instructions == ""
    assert told[1].instructions.endswith("A person rejected an earlier result of this step: make it nicer")


def test_each_step_can_be_approved(begin: Callable[..., RunState], line: Line) -> None:
    state = begin("each-step")
    seen = []
    while state["awaiting"]:
        seen.append(state["awaiting"])
        state = answer(line, action="accept")

    assert seen == list(STEPS)
    assert state["verdict"] == "verified"


def test_only_the_plan_can_be_edited(begin: Callable[..., RunState], line: Line) -> None:
    begin("each-step")
    answer(line, action="accept")

    with pytest.raises(UserError, match="only the plan can be edited"):
        answer(line, action="edit", plan="x")


@pytest.mark.parametrize("node", ["extractor", "supervisor", None])
def test_the_state_edited_between_two_nodes_is_honoured_alike(
    begin: Callable[..., RunState], line: Line, node: str | None
) -> None:
    """As LangGraph Studio does it: values are plain objects."""
    begin()
    with open_run("one", line) as (graph, config):
        values = {"edits": {"rename_functions": {"train_ridge": "fit_line"}}, "awaiting": None}
        graph.update_state(config, values, as_node=node)

    state = resume("one", lambda _: None, line)

    assert "| `fit_line` |" in plan_text(state)
    assert state["verdict"] == "verified"


def test_an_answer_that_nobody_waits_for_is_refused(begin: Callable[..., RunState], line: Line) -> None:
    begin("")
    with pytest.raises(UserError, match="run one waits for no answer"):
        answer(line, action="accept")


@pytest.mark.parametrize(
    ("typed", "action"),
    [("a\n", "accept"), ("?\naccept\n", "accept"), ("r\nmake it nicer\n", "reject"), ("e\n", "edit")],
)
def test_on_a_terminal_a_person_is_asked(
    begin: Callable[..., RunState], monkeypatch: pytest.MonkeyPatch, typed: str, action: str
) -> None:
    import io

    state = begin()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i s/train_ridge/fit_line/")

    reply = ask(state)

    assert reply.action == action
    assert reply.reason == ("make it nicer" if action == "reject" else "")
    assert ("| `fit_line` |" in reply.plan) == (action == "edit")


def test_the_edits_as_values(begin: Callable[..., RunState], line: Line) -> None:
    begin()
    state = answer(line, action="edit", edits=PlanEdits(rename_functions={"train_ridge": "fit_line"}))

    assert "| `fit_line` |" in plan_text(state)
