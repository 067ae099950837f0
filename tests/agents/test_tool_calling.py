"""An agent that works with tools, against a scripted model on loopback: good, hostile, broken and endless ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from scripted_model import Action, ScriptedModel, answer, completion, raw, status, text
from toolbox_bench import LOADER, bench

from agents.diagnosis import diagnosed
from agents.llm import Allowance
from agents.tool_calling import MOST_STEPS, Worked, work
from agents.toolbox.model import Edit
from tools.spans import collected
from tools.team.model import LlmConfig

GOOD = {"path": "src/data/loader.py", "old": "data.dropna()", "new": "data.dropna(how='any')"}


def calls(*named: tuple[str, dict[str, Any] | str]) -> Action:
    """Answer with several calls of tools."""
    made = [
        {
            "id": f"t{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(named)
    ]
    return completion({"tool_calls": made}, finish="tool_calls")


def ran(folder: Path, script: list[Action], **more: Any) -> tuple[Worked, ScriptedModel, Any]:
    on = bench(folder)
    with ScriptedModel(script) as server:
        config = LlmConfig(model="openai/gpt-4.1", base_url=server.url, max_retries=0)
        return work(config, "You mend.", "Mend it.", on, **more), server, on


def told(server: ScriptedModel) -> list[str]:
    """What the model was last told by tools."""
    return [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]


def test_a_model_reads_edits_checks_and_says_what_it_did(tmp_path: Path) -> None:
    script = [
        calls(("read_file", {"path": "src/data/loader.py", "start": 11, "end": 11})),
        calls(("edit", GOOD), ("run_check", {"name": "ruff"})),
        text("Rows with any gap are dropped."),
    ]
    with collected() as spans:
        done, server, on = ran(tmp_path, script)

    assert done.edits == (Edit(**GOOD),)
    assert (done.summary, done.problem, done.steps) == ("Rows with any gap are dropped.", "", 3)
    assert (done.usage.calls, done.usage.input_tokens, done.usage.output_tokens) == (3, 300, 60)
    read, edited, checked = told(server)
    assert read == "  11     return data.dropna()\n(11 lines in all)"
    assert (edited, checked) == ("src/data/loader.py is edited: 11 lines", "ruff passes")
    assert [tool["function"]["name"] for tool in server.requests[0]["tools"]] == [
        "read_file",
        "search",
        "facts",
        "edit",
        "run_check",
    ]
    assert [found.kind for found in spans] == ["call", "tool", "call", "tool", "tool", "call"]
    assert on.tree["src/data/loader.py"] != LOADER


def test_unknown_tools_and_malformed_arguments_are_told_and_the_agent_goes_on(tmp_path: Path) -> None:
    script = [
        calls(("shell", {"command": "rm -rf /"})),
        calls(("edit", '{"path": "src/data/')),
        calls(("edit", {"path": "pyproject.toml", "old": "120", "new": "999"})),
        calls(("edit", GOOD)),
        text("done"),
    ]
    done, server, _ = ran(tmp_path, script)

    first, second, third, fourth = told(server)
    assert first == "there is no tool 'shell': there are read_file, search, facts, edit, run_check"
    assert second == "the arguments are no JSON object: call the tool again"
    assert "is sealed" in third
    assert "is edited" in fourth
    assert done.edits == (Edit(**GOOD),)


def test_an_endless_loop_is_ended(tmp_path: Path) -> None:
    done, server, _ = ran(tmp_path, [calls(("search", {"text": "data"}))])

    assert done.problem == "the agent asked for the same 4 times in a row"
    assert len(server.requests) == 4


def test_steps_are_bounded(tmp_path: Path) -> None:
    script = [calls(("search", {"text": f"data {number}"})) for number in range(MOST_STEPS + 9)]
    done, server, _ = ran(tmp_path, script)

    assert done.problem == f"the agent was ended after {MOST_STEPS} steps"
    assert len(server.requests) == MOST_STEPS


@pytest.mark.parametrize(
    ("allowance", "said"),
    [
        (Allowance(tokens=2500), "tokens and only"),
        (Allowance(usd=0.0035), "and only $"),
    ],
)
def test_the_budget_ends_it_before_a_call_that_does_not_fit(tmp_path: Path, allowance: Allowance, said: str) -> None:
    usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
    made = {"id": "t", "type": "function", "function": {"name": "edit", "arguments": json.dumps(GOOD)}}
    script = [completion({"tool_calls": [made]}, finish="tool_calls", usage=usage)]

    done, server, _ = ran(tmp_path, script, allowance=allowance)

    assert said in done.problem
    assert len(server.requests) <= 2
    assert done.edits == (Edit(**GOOD),), "what was edited is not thrown away: the review decides"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([status(400, "tools are not supported")], "the server refuses the request"),
        ([status(401)], "refuses the key"),
        ([status(404)], "does not know the model"),
        ([status(500)], "does not answer"),
        ([raw("{")], "could not be read"),
        ([raw('{"choices": []}')], "could not be read"),
        ([text("")], "the model called no tool and said nothing"),
    ],
)
def test_a_server_that_fails_is_a_sentence(tmp_path: Path, script: list[Action], said: str) -> None:
    done, _, _ = ran(tmp_path, script)

    assert said in done.problem
    assert not done.edits


def test_a_server_that_goes_away_in_the_middle_leaves_what_was_edited(tmp_path: Path) -> None:
    done, _, _ = ran(tmp_path, [calls(("edit", GOOD)), status(503)])

    assert "does not answer" in done.problem
    assert done.edits == (Edit(**GOOD),)


def test_a_long_conversation_forgets_old_results(tmp_path: Path) -> None:
    big = "\n".join(f"value_{number} = {number}" for number in range(4000))
    on = bench(tmp_path)
    on.tree["src/big.py"] = big
    reads = [calls(("read_file", {"path": "src/big.py", "start": 1 + 200 * n})) for n in range(18)]
    with ScriptedModel([*reads, text("done")]) as server:
        work(LlmConfig(model="openai/gpt-4.1", base_url=server.url), "You mend.", "Mend it.", on)

    assert max(len(json.dumps(request["messages"])) for request in server.requests) < 90_000
    assert told(server)[0] == "(cut; call the tool again where it is needed)"
    assert "value_3400" in told(server)[-1]


def test_without_a_model_nothing_is_asked(tmp_path: Path) -> None:
    done = work(LlmConfig(), "You mend.", "Mend it.", bench(tmp_path))

    assert done == Worked(problem="no chat model is configured")


def test_a_diagnosis_says_who_should_do_what() -> None:
    said = {
        "cause": "The column is renamed.",
        "step": "structure",
        "action": "Read the old name.",
        "files": ["src/a.py"],
    }
    with ScriptedModel([answer(said), answer({"cause": "x", "step": "cook", "action": "y"})]) as server:
        config = LlmConfig(model="openai/gpt-4.1", base_url=server.url)
        found = diagnosed(config, "You mend.", ["error mypy: E: no"], ["tried"])
        wrong = diagnosed(config, "You mend.", ["error mypy: E: no"], [])

    assert found.value is not None
    assert found.value.told() == (
        "The column is renamed. Step structure should do this: Read the old name. Look at src/a.py."
    )
    assert "error mypy: E: no" in str(server.requests[0]["messages"])
    assert wrong.value is None
    assert "wrong form" in wrong.problem
