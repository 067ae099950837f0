"""An agent that works with tools: bounded by steps, tokens and dollars; every call of a tool is executed by ours."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agents.call_problems import problem_of
from agents.llm import CHARACTERS_A_TOKEN, Allowance, Usage, chat_model, configured, cost_of, does_not_fit
from agents.toolbox.execute import execute
from agents.toolbox.model import Bench, Edit, Tool
from agents.toolbox.registry import TOOLS
from tools.secrets import redact
from tools.spans import record
from tools.team.model import LlmConfig

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, AnyMessage
    from langchain_core.runnables import RunnableConfig
    from langchain_core.tools import BaseTool

MOST_STEPS = 30
"""Calls of the model for one task."""
SAME = 3
"""Times that a model may ask for the very same in a row."""
FULL = 60_000
"""Characters of a conversation from which on old results are cut."""
RECENT = 6
_CUT = "(cut; call the tool again where it is needed)"


@dataclass(frozen=True)
class Worked:
    """What an agent did.

    Attributes:
        edits: In order.
        summary: Its last words.
        problem: Why it ended early; empty where it ended by itself.
        usage: What it cost.
        steps: Calls of the model.
    """

    edits: tuple[Edit, ...] = ()
    summary: str = ""
    problem: str = ""
    usage: Usage = field(default_factory=Usage)
    steps: int = 0


class _Ended(Exception):  # noqa: N818
    """The agent is ended; its text says why."""


@dataclass
class _Account:
    config: LlmConfig
    allowance: Allowance | None
    most_steps: int
    prompt: str
    usage: Usage = field(default_factory=Usage)
    until: float = 0.0
    steps: int = 0
    began: int = 0
    estimate: int = 0
    asked: list[str] = field(default_factory=list)

    def opened(self, characters: int) -> None:
        """Note that the model is about to be called.

        Raises:
            _Ended: If it may not be.
        """
        self.estimate = characters // CHARACTERS_A_TOKEN
        over = does_not_fit(self.config, self.estimate, self.usage, self.allowance)
        if over:
            raise _Ended(over)
        if self.until and time.monotonic() >= self.until:
            raise _Ended("the time of the run is spent")
        if self.steps >= self.most_steps:
            raise _Ended(f"the agent was ended after {self.steps} steps")
        if len(self.asked) > SAME and len(set(self.asked[-SAME - 1 :])) == 1:
            raise _Ended(f"the agent asked for the same {SAME + 1} times in a row")
        self.steps += 1
        self.began = time.time_ns()

    def closed(self, cost: Usage, answer: str, problem: str = "") -> None:
        """Note what a call gave."""
        self.usage += cost
        record(
            f"ask {self.config.model}",
            "call",
            self.began,
            model=self.config.model,
            way="tools",
            prompt_version=self.prompt,
            answer=redact(answer)[:2000],
            problem=problem,
            tokens_in=cost.input_tokens,
            tokens_out=cost.output_tokens,
            usd=cost.usd,
        )


def work(
    config: LlmConfig,
    system: str,
    task: str,
    bench: Bench,
    *,
    allowance: Allowance | None = None,
    tools: Sequence[Tool] = TOOLS,
    most_steps: int = MOST_STEPS,
    until: float = 0.0,
    prompt: str = "",
) -> Worked:
    """Let a chat model work on a repository with tools; whatever it or its server does, the end is a `Worked`.

    Args:
        config: Which model.
        system: Instructions that all agents share.
        task: What is to be done; secrets are removed from both.
        bench: What is worked on.
        allowance: What may still be spent.
        tools: That it has.
        most_steps: Calls of the model.
        until: Moment of the monotonic clock at which it is ended; 0 for none.
        prompt: Version of the prompt of the task.
    """
    why_not = configured(config)
    if why_not:
        return Worked(problem=why_not)
    account = _Account(config, allowance, most_steps, prompt, until=until)
    summary = problem = ""
    try:
        summary = _conversed(account, redact(system), redact(task), bench, tools)
    except _Ended as ended:
        problem = str(ended)
    except Exception as error:
        problem, _ = problem_of(config, error)
        account.closed(Usage(calls=1), "", problem)
    if not summary and not problem and not bench.edits:
        problem = "the model called no tool and said nothing"
    return Worked(tuple(bench.edits), redact(summary)[:500], problem, account.usage, account.steps)


def _conversed(account: _Account, system: str, task: str, bench: Bench, tools: Sequence[Tool]) -> str:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
    from langchain_core.runnables.config import set_config_context
    from langgraph.prebuilt import ToolNode, create_react_agent

    schemas = sum(len(json.dumps(tool.arguments.model_json_schema())) for tool in tools)

    def before(state: dict[str, Any]) -> dict[str, Any]:
        messages = _shorter(state["messages"])
        account.opened(len(system) + schemas + sum(len(_written(message)) for message in messages))
        return {"llm_input_messages": messages}

    def after(state: dict[str, Any]) -> dict[str, Any]:
        answer = state["messages"][-1]
        account.closed(cost_of(account.config, answer, account.estimate), _written(answer))
        account.asked += [json.dumps([c["name"], c["args"]], sort_keys=True) for c in answer.tool_calls]
        account.asked += [f"{c['name']} {c['args']}" for c in answer.invalid_tool_calls]
        answer = _numbered(answer, account.steps)
        told = "the arguments are no JSON object: call the tool again"
        wrong = [ToolMessage(told, tool_call_id=str(c["id"])) for c in answer.invalid_tool_calls]
        return {"messages": [answer, *wrong]}

    def executed(request: Any, _: Any) -> ToolMessage:  # noqa: ANN401
        call = request.tool_call
        said = execute(bench, call["name"], call["args"], tools)
        return ToolMessage(said, tool_call_id=call["id"], name=call["name"][:60])

    agent = create_react_agent(
        chat_model(account.config),
        ToolNode([_offered(tool) for tool in tools], wrap_tool_call=executed),
        prompt=SystemMessage(system),
        pre_model_hook=before,
        post_model_hook=after,
        checkpointer=False,
    )
    limits: RunnableConfig = {"recursion_limit": 6 * account.most_steps + 20, "max_concurrency": 1}
    with set_config_context({}) as context:  # a graph of its own, also where a node of another one calls
        ended = context.run(lambda: agent.invoke({"messages": [HumanMessage(task)]}, limits))
    last = ended["messages"][-1]
    return _text(last) if isinstance(last, AIMessage) else ""


def _numbered(answer: "AIMessage", step: int) -> "AIMessage":
    """Return an answer whose calls have ids of their own: some servers give the same ones again."""
    right = [{**call, "id": f"step{step}-{number}"} for number, call in enumerate(answer.tool_calls)]
    wrong = [{**call, "id": f"step{step}-wrong{number}"} for number, call in enumerate(answer.invalid_tool_calls)]
    return answer.model_copy(update={"tool_calls": right, "invalid_tool_calls": wrong})


def _offered(tool: Tool) -> "BaseTool":
    """Return the form of a tool that a model is shown; what it does is done elsewhere."""
    from langchain_core.tools import StructuredTool

    def never(**_: object) -> str:
        raise AssertionError(f"{tool.name} is executed by the toolbox")

    return StructuredTool(
        name=tool.name, description=tool.description, args_schema=tool.arguments.model_json_schema(), func=never
    )


def _shorter(messages: "Sequence[AnyMessage]") -> "list[AnyMessage]":
    """Return a conversation in which old results are cut once it has grown long."""
    if sum(len(_written(message)) for message in messages) <= FULL:
        return list(messages)
    results = [number for number, message in enumerate(messages) if message.type == "tool"]
    old = set(results[:-RECENT])
    return [m.model_copy(update={"content": _CUT}) if number in old else m for number, m in enumerate(messages)]


def _written(message: "AnyMessage") -> str:
    calls = getattr(message, "tool_calls", [])
    return _text(message) + (json.dumps(calls, default=str) if calls else "")


def _text(message: "AnyMessage") -> str:
    return message.content if isinstance(message.content, str) else json.dumps(message.content, default=str)
