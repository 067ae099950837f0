import pytest
from pydantic import BaseModel, ConfigDict

from agents.llm import Allowance, ask, configured
from tests.scripted_model import Action, ScriptedModel, answer, completion, raw, slow, status, text
from tools.errors import UserError
from tools.team.model import LlmConfig


class Name(BaseModel):
    """A better name."""

    model_config = ConfigDict(extra="forbid")
    name: str


GOOD = {"name": "load_data"}


def config(server: ScriptedModel, **more: object) -> LlmConfig:
    return LlmConfig.model_validate({"model": "openai/test", "base_url": server.url, "max_retries": 0, **more})


def test_an_answer_is_validated_and_counted() -> None:
    with ScriptedModel([answer(GOOD)]) as server:
        reply = ask(config(server), "Be brief.", "Name this.", Name)

    assert reply.value == Name(name="load_data")
    assert (reply.usage.calls, reply.usage.input_tokens, reply.usage.output_tokens) == (1, 100, 20)
    assert reply.usage.usd is None
    (request,) = server.requests
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert request["tools"][0]["function"]["name"] == "answer"


def test_known_prices_give_dollars() -> None:
    with ScriptedModel([answer(GOOD)]) as server:
        reply = ask(config(server, model="openai/gpt-4.1"), "s", "q", Name)

    assert reply.usage.usd == pytest.approx((100 * 2 + 20 * 8) / 1e6)


@pytest.mark.parametrize(
    ("script", "calls"),
    [
        ([status(400, "tools are not supported"), text('{"name": "load_data"}')], 2),
        ([text("I would say load_data."), text('{"name": "load_data"}')], 2),
        ([status(400), status(400), text('Sure:\n```json\n{"name": "load_data"}\n```')], 3),
        ([answer({"nom": "x"}), text('{"name": "load_data"}')], 2),
        ([answer('{"name": "load'), text('{"name": "load_data"}')], 2),
        ([answer(GOOD, name="another_tool"), text('{"name": "load_data"}')], 2),
        ([text('{"name": "lo', finish="length"), text('{"name": "load_data"}')], 2),
        ([raw("not json"), text('{"name": "load_data"}')], 2),
        ([raw('{"choices": []}'), text('{"name": "load_data"}')], 2),
    ],
)
def test_an_endpoint_that_cannot_is_asked_in_another_way(script: list[Action], calls: int) -> None:
    with ScriptedModel(script) as server:
        reply = ask(config(server), "s", "q", Name)

    assert reply.value == Name(name="load_data"), reply.problem
    assert len(server.requests) == calls


@pytest.mark.parametrize(
    ("script", "words", "calls"),
    [
        ([status(401)], "refuses the key in OPENAI_API_KEY", 1),
        ([status(404)], "does not know the model openai/test", 1),
        ([status(500)], "does not answer", 1),
        ([status(429)], "does not answer", 1),
        ([status(400, "maximum context length exceeded")], "longer than the model can read", 1),
        ([completion({"content": None, "refusal": "no"})], "refuses to answer", 1),
        ([text("no")], "wrong form", 3),
        ([text("")], "wrong form", 3),
        ([slow(1.5, text("late"))], "does not answer", 1),
    ],
)
def test_a_model_that_stays_away_gives_a_sentence_and_no_exception(
    script: list[Action], words: str, calls: int
) -> None:
    with ScriptedModel(script) as server:
        reply = ask(config(server, timeout=1.0), "s", "q", Name)

    assert reply.value is None
    assert words in reply.problem
    assert len(server.requests) == calls


def test_a_refused_connection_gives_a_sentence() -> None:
    unreachable = LlmConfig(model="openai/test", base_url="http://127.0.0.1:9/v1", max_retries=0)

    assert "does not answer" in ask(unreachable, "s", "q", Name).problem


def test_rate_limits_are_waited_for() -> None:
    with ScriptedModel([status(429, headers={"Retry-After": "0"}), answer(GOOD)]) as server:
        reply = ask(config(server, max_retries=2), "s", "q", Name)

    assert reply.value == Name(name="load_data")


def test_usage_is_estimated_where_the_server_omits_it() -> None:
    with ScriptedModel([answer(GOOD, usage=None)]) as server:
        reply = ask(config(server), "s" * 400, "q" * 400, Name)

    assert reply.usage.estimated
    assert reply.usage.input_tokens == 200


def test_a_question_that_does_not_fit_the_budget_is_not_asked() -> None:
    with ScriptedModel([answer(GOOD)]) as server:
        tokens = ask(config(server), "s" * 400, "q" * 400, Name, Allowance(tokens=150))
        money = ask(config(server, model="openai/gpt-4.1"), "s" * 400, "q" * 400, Name, Allowance(usd=0.0001))

    assert "only 150 are left" in tokens.problem
    assert "$0.0001 are left" in money.problem
    assert server.requests == []


def test_secrets_never_leave() -> None:
    key = "sk-" + "a1B2c3D4e5F6g7H8i9J0k1L2"
    with ScriptedModel([answer(GOOD)]) as server:
        ask(config(server), "s", f"client = OpenAI('{key}')", Name)

    assert key not in str(server.requests)


def test_no_model_and_no_key_are_said_before_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    assert configured(LlmConfig()) == "no chat model is configured"
    assert "OPENAI_API_KEY is not set" in configured(LlmConfig(model="openai/gpt-4.1"))
    with pytest.raises(UserError, match="provider/name"):
        configured(LlmConfig(model="gpt-4.1"))
    with pytest.raises(UserError, match=r"needs llm\.base_url"):
        configured(LlmConfig(model="ollama/llama3"))
