"""The one door to a chat model: a question with a schema in, a validated answer and its cost out.

Nothing here raises for what a model or its server does: a `Reply` without a value carries the reason, and the run goes
on without the model.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from agents.call_problems import problem_of, short_of, too_long
from agents.prices import dollars
from tools.errors import UserError
from tools.secrets import redact
from tools.spans import span
from tools.team.model import LlmConfig

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

Answer = TypeVar("Answer", bound=BaseModel)
Way = Literal["function_calling", "json_mode", "text"]
WAYS: tuple[Way, ...] = ("function_calling", "json_mode", "text")
CHARACTERS_A_TOKEN = 4
SHOWN = 20_000
"""Characters of a question and of an answer that a trace keeps."""


@dataclass(frozen=True)
class Usage:
    """What one question cost.

    Attributes:
        calls: Requests made.
        input_tokens: In; estimated from the text where the server does not say.
        output_tokens: Out; likewise.
        usd: Dollars; None where the price of the model is not known.
        estimated: Some count is an estimate.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum; unknown dollars make the sum unknown."""
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            usd,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True)
class Reply(Generic[Answer]):
    """The end of one question.

    Attributes:
        value: The validated answer; None where there is none.
        problem: Why there is none, one sentence; else empty.
        usage: What it cost, failed attempts included.
        gone: No other question would be answered either: the server is away, or the budget is spent.
    """

    value: Answer | None
    problem: str = ""
    usage: Usage = field(default_factory=Usage)
    gone: bool = False


@dataclass(frozen=True)
class Allowance:
    """What may still be spent; 0 means no limit."""

    tokens: int = 0
    usd: float = 0.0


def configured(config: LlmConfig) -> str:
    """Tell whether a chat model can be asked.

    Returns:
        An empty string if it can; else why not, one sentence. `none` is no reason to say anything more.

    Raises:
        UserError: If the model's name is not `provider/name`, or its provider needs a `base_url` that is missing.
    """
    if config.model in ("", "none"):
        return "no chat model is configured"
    provider, slash, name = config.model.partition("/")
    if not slash or not name:
        raise UserError(f"llm.model {config.model!r} is not `provider/name`: write for example openai/gpt-4.1")
    if provider not in ("openai", "azure") and not config.base_url:
        raise UserError(f"llm.model {config.model!r} needs llm.base_url: the address of the {provider} endpoint")
    if provider in ("openai", "azure") and not config.base_url and not os.environ.get(config.api_key_env):
        return f"{config.api_key_env} is not set, so the chat model {config.model} cannot be asked"
    return ""


def ask(
    config: LlmConfig,
    system: str,
    question: str,
    schema: type[Answer],
    allowance: Allowance | None = None,
    shorter: Sequence[tuple[str, str]] = (),
) -> Reply[Answer]:
    """Ask a chat model for an answer of a given form.

    Tries function calling, then JSON mode, then plain text with a strict parser, as endpoints differ.

    Args:
        config: Which model.
        system: Stable instructions, first so that providers can cache them.
        question: The facts of this case; secrets are removed from both.
        schema: Form of the answer.
        allowance: What may still be spent; the question is not asked when its estimate does not fit.
        shorter: The same instructions and question with less in them, asked where the model cannot read so much.
    """
    why_not = configured(config)
    if why_not:
        return Reply(None, why_not, gone=True)
    reply: Reply[Answer] = Reply(None, TOO_LONG)
    for instructions, text in ((system, question), *shorter):
        reply = _asked(config, redact(instructions), redact(text), schema, allowance, reply.usage)
        if not reply.problem.startswith(TOO_LONG):
            break
    return reply


def reachable(config: LlmConfig, seconds: float = 20.0) -> tuple[str, Usage]:
    """Ask a chat model for one word, so that a wrong key or name is known before work is done.

    Args:
        config: A model that is `configured`.
        seconds: That its server may take.

    Returns:
        Why it is not there now, empty where it is, and what was spent.

    Raises:
        UserError: If its server refuses the key or does not know the model: no later attempt would help.
    """
    import openai
    from langchain_core.messages import HumanMessage

    once = config.model_copy(update={"max_retries": 0, "timeout": min(seconds, config.timeout)})
    try:
        message = chat_model(once).invoke([HumanMessage("Say yes.")])
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise UserError(
            f"the server of {config.model} refuses the key in {config.api_key_env}: set it, or run with --model none"
        ) from error
    except openai.NotFoundError as error:
        raise UserError(
            f"the server does not know the model {config.model}: correct llm.model, or run with --model none"
        ) from error
    except Exception as error:
        return f"the server of {config.model} does not answer ({type(error).__name__})", Usage(calls=1)
    return "", cost_of(config, message, 2)


TOO_LONG = "the question is longer than the model can read"


def _asked(
    config: LlmConfig, system: str, question: str, schema: type[Answer], allowance: Allowance | None, usage: Usage
) -> Reply[Answer]:
    """Ask one question in one way after the other; what was spent before is added to."""
    estimate = (len(system) + len(question)) // CHARACTERS_A_TOKEN
    problem = ""
    for way in WAYS:
        over = does_not_fit(config, estimate, usage, allowance)
        if over:
            return Reply(None, over, usage, gone=True)
        with span(f"ask {config.model}", "call", model=config.model, way=way, question=question[:SHOWN]) as told:
            value, problem, cost, final = _one_call(config, system, question, schema, way, estimate)
            told.attributes |= {"prompt_version": version(system), "answer": _shown(value), "problem": problem}
            told.attributes |= {"tokens_in": cost.input_tokens, "tokens_out": cost.output_tokens, "usd": cost.usd}
        usage += cost
        if value is not None or final:
            return Reply(value, problem, usage, gone=final == "gone")
    return Reply(None, problem, usage)


def version(system: str) -> str:
    """Return the version of instructions: the beginning of their digest."""
    return hashlib.sha256(system.encode()).hexdigest()[:12]


def _shown(value: BaseModel | None) -> str:
    return redact(value.model_dump_json())[:SHOWN] if value is not None else ""


def does_not_fit(config: LlmConfig, estimate: int, usage: Usage, allowance: Allowance | None) -> str:
    """Say why a call is not made for its cost, or return an empty string.

    Args:
        config: Whose call.
        estimate: Tokens that it sends.
        usage: Spent since the allowance was given.
        allowance: What may be spent; None for anything.
    """
    if allowance is None:
        return ""
    used = usage.input_tokens + usage.output_tokens
    if allowance.tokens and used + estimate > allowance.tokens:
        return f"the question needs about {estimate} tokens and only {max(0, allowance.tokens - used)} are left"
    price = dollars(config.model, estimate, 0)
    if allowance.usd and price is not None and (usage.usd or 0.0) + price > allowance.usd:
        return f"the question costs about ${price:.4f} and only ${allowance.usd - (usage.usd or 0.0):.4f} are left"
    return ""


def _one_call(
    config: LlmConfig, system: str, question: str, schema: type[Answer], way: Way, estimate: int
) -> tuple[Answer | None, str, Usage, Literal["", "final", "gone"]]:
    """Ask once in one way; the last element tells that other ways (`final`) or any question would not help (`gone`)."""
    try:
        message = _invoke(chat_model(config), system, question, schema, way)
    except Exception as error:
        if too_long(error):
            return None, f"{TOO_LONG} ({short_of(error)})", Usage(calls=1), "final"
        problem, gone = problem_of(config, error)
        return None, problem, Usage(calls=1), "gone" if gone else ""
    usage = cost_of(config, message, estimate)
    text = _text(message, way)
    finish = str(message.response_metadata.get("finish_reason", ""))
    if message.additional_kwargs.get("refusal"):
        return None, "the model refuses to answer", usage, "final"
    if finish == "length":
        return None, "the answer was cut at the model's limit", usage, ""
    try:
        return schema.model_validate_json(text), "", usage, "final"
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        return None, f"the answer has the wrong form: {where}: {first['msg']}", usage, ""


def _invoke(model: "BaseChatModel", system: str, question: str, schema: type[BaseModel], way: Way) -> "AIMessage":
    from langchain_core.messages import HumanMessage, SystemMessage

    form = json.dumps(schema.model_json_schema())
    if way == "function_calling":
        tool = {
            "type": "function",
            "function": {
                "name": "answer",
                "description": schema.__doc__ or "",
                "parameters": schema.model_json_schema(),
            },
        }
        bound: Any = model.bind(tools=[tool], tool_choice={"type": "function", "function": {"name": "answer"}})
        messages = [SystemMessage(system), HumanMessage(question)]
    else:
        bound = model.bind(response_format={"type": "json_object"}) if way == "json_mode" else model
        messages = [
            SystemMessage(f"{system}\n\nAnswer with one JSON object of this schema:\n{form}"),
            HumanMessage(question),
        ]
    message: AIMessage = bound.invoke(messages)
    return message


def chat_model(config: LlmConfig) -> "BaseChatModel":
    """Return the chat model of a configuration, with its time limit and its retries."""
    from langchain_openai import AzureChatOpenAI, ChatOpenAI

    provider, _, name = config.model.partition("/")
    common: dict[str, Any] = {
        "timeout": config.timeout,
        "max_retries": config.max_retries,
        "temperature": config.temperature,
        "use_responses_api": False,
        "api_key": os.environ.get(config.api_key_env) or "none",
    }
    if provider == "azure":
        return AzureChatOpenAI(azure_deployment=name, azure_endpoint=config.base_url or None, **common)
    return ChatOpenAI(model=name, base_url=config.base_url or None, **common)


def _text(message: "AIMessage", way: Way) -> str:
    """Return the JSON text of an answer."""
    if way == "function_calling":
        calls = [call for call in message.tool_calls if call["name"] == "answer"]
        if calls:
            return json.dumps(calls[0]["args"])
    text = message.content if isinstance(message.content, str) else json.dumps(message.content)
    fenced = re.search(r"```(?:json)?\s*\n(.*?)```", text, re.DOTALL)
    return (fenced[1] if fenced else text).strip()


def cost_of(config: LlmConfig, message: "AIMessage", estimate: int) -> Usage:
    """Return what an answer cost: as its server says, else estimated.

    Args:
        config: Of the model that gave it.
        message: The answer.
        estimate: Tokens that were sent.
    """
    known = message.usage_metadata
    inward = known["input_tokens"] if known else estimate
    outward = known["output_tokens"] if known else len(str(message.content)) // CHARACTERS_A_TOKEN
    return Usage(1, inward, outward, dollars(config.model, inward, outward), known is None)
