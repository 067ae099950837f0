"""Chat models propose, checks decide: a run with a model never ends worse than without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_line import agents

from agents.extractor import extract
from agents.model import StepInput, StepOutput
from agents.reviewer import Review
from graph.chat_rows import chat_line
from graph.nodes import Line
from graph.run import resume, start
from graph.state import RunInput, RunState
from graph.summary import result_object
from tests.scripted_model import Action, ScriptedModel, answer, status, text
from tools.checks.model import STEPS, CheckResult, Diagnostic, EquivalenceResult
from tools.checks.request import CheckRequest
from tools.errors import UserError
from tools.report.write import read_report
from tools.workspace import Workspace

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import Ridge

# %%
df = pd.read_csv("flats.csv")

# %%
model = Ridge(alpha=0.5)
model.fit(df[["a"]], df["y"])
score = model.score(df[["a"]], df["y"])
"""
YES = text("yes")
RENAMED = {"functions": [{"function": "load_data", "name": "read_flats", "purpose": "Read the flats from the file."}]}
TWICE = list(STEPS) * 2


def judge(request: CheckRequest) -> Review:
    """Find what the plan was renamed to `spoiled`, and count mutants by a name that is worse."""
    plan = (request.tree / "EXTRACTION_PLAN.md").read_text()
    wrong = "`spoil_data`" in plan
    killed = 3 if "`weaken_data`" in plan else 9
    found = (Diagnostic(code="W", message="the names are spoiled", step="extract", check="judge"),) if wrong else ()
    results = (
        CheckResult(name="judge", status="failed" if wrong else "passed", diagnostics=found),
        CheckResult(name="mutation", status="passed", summary=f"{killed} of 10 mutants killed"),
    )
    proven = EquivalenceResult(status="proven", compared=4, equal=4)
    verdict = "failed" if wrong else "verified"
    return Review(results=results, equivalence=proven, diagnostics=found, verdict=verdict)  # type: ignore[arg-type]


Run = Callable[..., RunState]


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def events() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def line(calls: list[str]) -> Line:
    made = agents({}, calls)

    def planned(given: StepInput) -> StepOutput:
        calls.append("extract")
        output = extract(given)
        return output.model_copy(update={"files": {**output.files, "extract.txt": "right\n"}})

    return Line({**made, "extract": planned}, judge)


@pytest.fixture
def run(tmp_path: Path, line: Line, events: list[dict[str, Any]]) -> Run:
    def work(url: str = "", name: str = "out", **overrides: str) -> RunState:
        notebook = tmp_path / "work" / "nb.py"
        notebook.parent.mkdir(exist_ok=True)
        notebook.write_text(NOTEBOOK)
        llm = {"llm.model": "openai/test", "llm.base_url": url, "llm.max_retries": "0"} if url else {}
        given = RunInput(
            notebook=str(notebook),
            out=str(tmp_path / name),
            execute=False,
            overrides={**llm, **{key.replace("__", "."): value for key, value in overrides.items()}},
        )
        return start(given, events.append, name, line)

    return work


def tree(state: RunState) -> dict[str, str]:
    texts = Workspace(Path(state["out"])).texts()
    return {path: text for path, text in texts.items() if not path.lower().startswith("report")}


def told(state: RunState) -> list[tuple[str, str]]:
    return [(p.told, p.status) for p in state["improvement"].proposals]


def test_a_good_proposal_is_in_the_result(run: Run, calls: list[str]) -> None:
    with ScriptedModel([YES, answer(RENAMED), answer({})]) as server:
        state = run(server.url)

    assert state["verdict"] == "verified"
    assert calls == TWICE
    assert told(state) == [
        ("name function `load_data` `read_flats`", "accepted"),
        ("describe function `load_data`: Read the flats from the file.", "accepted"),
    ]
    assert "| `read_flats` |" in tree(state)["EXTRACTION_PLAN.md"]
    assert "the chat model proposed it" in tree(state)["EXTRACTION_PLAN.md"]
    model = result_object(state)["models"][0]
    assert (model["agent"], model["questions"], model["input_tokens"], model["usd"]) == ("extractor", 1, 100, None)
    report = read_report((Path(state["out"]) / "report.json").read_text())
    assert [(p.agent, p.status) for p in report.proposals] == [("extractor", "accepted")] * 2
    for name in ("REPORT.md", "report.html"):
        written = (Path(state["out"]) / name).read_text()
        assert "describe function" in written
        assert "price unknown" in written
    assert chat_line(state["improvement"]).startswith("proposals: 2 accepted;")


def test_what_is_sent_is_code_and_facts_and_can_be_read_again(run: Run) -> None:
    with ScriptedModel([YES, answer({})]) as server:
        state = run(server.url)
    system, question = (m["content"] for m in server.requests[1]["messages"])

    assert "Ridge in `model`" in system
    assert 'df = pd.read_csv("flats.csv")' in question
    kept = sorted((Path(state["run_dir"]) / "prompts").iterdir())[0].read_text()
    assert kept == f"{system}\n{question}"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("spoil_data", "judge: W: the names are spoiled"),
        ("weaken_data", "the mutation score was 0.90 and would fall to 0.30"),
    ],
)
def test_what_spoils_the_result_is_taken_back_and_the_reason_reaches_the_next_attempt(
    run: Run, name: str, why: str
) -> None:
    spoiled = {"functions": [{"function": "load_data", "name": name}]}
    without = run(name="without")

    with ScriptedModel([YES, answer(spoiled), answer({})]) as server:
        state = run(server.url)

    assert state["verdict"] == without["verdict"] == "verified"
    assert tree(state) == tree(without)
    assert told(state) == [(f"name function `load_data` `{name}`", "rejected")]
    assert why in state["improvement"].proposals[0].reason
    assert why in server.requests[2]["messages"][1]["content"]
    assert server.requests[2]["messages"][0] == server.requests[1]["messages"][0], "the prefix is not stable"
    assert state["constraints"] == without["constraints"]
    assert {n: s.commit for n, s in state["steps"].items()} == {n: s.commit for n, s in without["steps"].items()}


def test_after_two_attempts_the_model_is_not_asked_again(run: Run) -> None:
    spoiled = {"functions": [{"function": "load_data", "name": "spoil_data"}]}
    again = {"functions": [{"function": "load_data", "name": "spoil_data", "purpose": "Spoil it."}]}

    with ScriptedModel([YES, answer(spoiled), answer(again), answer({})]) as server:
        state = run(server.url)

    assert state["verdict"] == "verified"
    asked = [a for a in state["improvement"].asked if a.step == "extract"]
    assert [a.attempt for a in asked] == [1, 2]


def test_what_cannot_be_applied_is_refused_by_itself(run: Run) -> None:
    mixed = {
        "functions": [
            {"function": "invented", "name": "x"},
            *RENAMED["functions"],
            {"function": "train_ridge", "name": "a b"},
        ]
    }

    with ScriptedModel([YES, answer(mixed), answer({})]) as server:
        state = run(server.url)

    assert [s for _, s in told(state)] == ["accepted", "accepted", "refused", "refused"]
    assert "has no function `invented`" in state["improvement"].proposals[2].reason
    assert "is no name for a function" in state["improvement"].proposals[3].reason


@pytest.mark.parametrize(
    "broken",
    [text("I would rather talk."), status(500), answer({"functions": "all"}), text("", finish="length"), status(400)],
)
def test_a_broken_model_changes_nothing(run: Run, calls: list[str], broken: Action) -> None:
    with ScriptedModel([YES, broken]) as server:
        state = run(server.url)

    assert (state["verdict"], calls) == ("verified", list(STEPS))
    assert state["improvement"].asked[0].problem
    assert not state["improvement"].proposals


def test_a_model_that_stays_away_is_asked_once_and_it_is_said(run: Run, events: list[dict[str, Any]]) -> None:
    with ScriptedModel([status(503)]) as server:
        state = run(server.url)

    assert state["verdict"] == "verified"
    assert "does not answer" in state["improvement"].silent
    assert len(server.requests) == 2
    assert any("the run does without it" in str(e["text"]) for e in events)


@pytest.mark.parametrize(
    ("code", "words"), [(401, "refuses the key in OPENAI_API_KEY"), (404, "does not know the model")]
)
def test_a_wrong_key_or_name_is_said_before_any_work(
    run: Run, calls: list[str], tmp_path: Path, code: int, words: str
) -> None:
    with ScriptedModel([status(code)]) as server, pytest.raises(UserError, match=words):
        run(server.url)

    assert calls == []
    assert not (tmp_path / "out").exists()


def test_an_agent_that_fails_on_proposals_costs_only_the_proposals(run: Run, line: Line) -> None:
    honest = line.agents["harden"]

    def fragile(given: StepInput) -> StepOutput:
        if given.attempt > 1:
            raise UserError("harden.txt is protected")
        return honest(given)

    line.agents["harden"] = fragile  # type: ignore[index]
    with ScriptedModel([YES, answer(RENAMED), answer({})]) as server:
        state = run(server.url)

    assert state["verdict"] == "verified"
    assert [s for _, s in told(state)] == ["rejected", "rejected"]
    assert "step harden could not be done with them: UserError: harden.txt is protected" in (
        state["improvement"].proposals[0].reason
    )


@pytest.mark.parametrize(
    ("limits", "requests", "statuses"),
    [
        ({"budget__max_rounds": "1"}, 1, []),
        ({"budget__max_tokens": "300"}, 1, []),
        ({"budget__max_tokens": "2500"}, 2, ["accepted", "accepted"]),
    ],
)
def test_the_budget_stops_questions_and_the_result_stands(
    run: Run, limits: dict[str, str], requests: int, statuses: list[str]
) -> None:
    with ScriptedModel(
        [
            YES,
            answer(RENAMED, usage={"prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300}),
            answer({}),
        ]
    ) as server:
        state = run(server.url, **limits)

    assert (state["verdict"], state["budget_ended"]) == ("verified", False)
    assert len(server.requests) == requests
    assert [s for _, s in told(state)] == statuses


def test_a_run_that_is_killed_on_trial_goes_on_to_the_same_end(run: Run, line: Line) -> None:
    honest, killed = line.agents["test"], [True]

    def fragile(given: StepInput) -> StepOutput:
        if given.attempt > 1 and killed:
            killed.pop()
            raise KeyboardInterrupt
        return honest(given)

    line.agents["test"] = fragile  # type: ignore[index]
    with ScriptedModel([YES, answer(RENAMED), answer({})]) as server:
        with pytest.raises(KeyboardInterrupt):
            run(server.url)
        asked = len(server.requests)
        state = resume("out", lambda _: None, line)

    assert state["verdict"] == "verified"
    assert [s for _, s in told(state)] == ["accepted", "accepted"]
    assert asked == 2


def test_without_a_model_nothing_is_kept_of_it(run: Run) -> None:
    state = run()

    assert state["improvement"] == type(state["improvement"])()
    assert not {"models", "proposals"} & set(result_object(state))
    assert '"proposals"' not in (Path(state["out"]) / "report.json").read_text()
    assert "Chat models" not in (Path(state["out"]) / "REPORT.md").read_text()
    assert not (Path(state["run_dir"]) / "floors").exists()
