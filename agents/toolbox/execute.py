"""The one place where a tool is executed: what was asked is checked here, whatever was offered to the model."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from agents.compact_facts import shortened
from agents.toolbox.model import Bench, RefusedError, Tool
from agents.toolbox.registry import TOOLS
from tools.errors import UserError, printable
from tools.secrets import redact
from tools.spans import span

MOST_RESULT = 8_000
"""Characters of one result."""
MOST_RESULTS = 150_000
"""Characters of all results of one agent."""


def execute(bench: Bench, name: str, arguments: Mapping[str, object], tools: Sequence[Tool] = TOOLS) -> str:
    """Do what a model asks for, and return what it is told: a result, or a sentence on why there is none.

    Args:
        bench: What is worked on.
        name: Of the tool, as the model wrote it.
        arguments: As it wrote them.
        tools: Those that this agent has.
    """
    with span(f"tool {printable(name)[:60]}", "tool") as told:
        said, fine = _done(bench, name, arguments, tools)
        told.attributes |= {"refused": "" if fine else said[:300]}
    if bench.given > MOST_RESULTS:
        return "enough was read: end now with what is edited"
    said = shortened(redact(_visible(said)), MOST_RESULT)
    bench.given += len(said)
    return said


def _done(bench: Bench, name: str, arguments: Mapping[str, object], tools: Sequence[Tool]) -> tuple[str, bool]:
    found = next((tool for tool in tools if tool.name == name), None)
    if found is None:
        return f"there is no tool {name[:60]!r}: there are {', '.join(tool.name for tool in tools)}", False
    try:
        asked = found.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the arguments"
        return f"{name} was not called: {where}: {first['msg']}", False
    try:
        return found.work(bench, asked), True
    except (RefusedError, UserError) as error:
        return str(error), False


def _visible(text: str) -> str:
    """Return a text line by line without characters that steer a terminal or hide."""
    return "\n".join(printable(line.replace("\t", "    ")) for line in text.split("\n"))
