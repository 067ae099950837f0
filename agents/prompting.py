"""Prompts: files below `agents/prompts/`, filled strictly, their secrets masked, each with a version."""

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from tools.frozen import Frozen
from tools.secrets import redact

if TYPE_CHECKING:
    from jinja2 import Environment


class Prompt(Frozen):
    """A filled prompt.

    Attributes:
        name: Of its file, without the ending.
        text: What is sent.
        version: Digest of the file: equal versions ask the same.
    """

    name: str
    text: str
    version: str


def prompt(name: str, **values: object) -> Prompt:
    """Fill a prompt; a name in it that has no value is an error, never an empty string.

    Args:
        name: Of the file below `agents/prompts/`, without `.md`.
        values: What it reads.
    """
    environment = _environment()
    text = environment.get_template(f"{name}.md").render(**values)
    return Prompt(name=name, text=redact(text).strip() + "\n", version=version_of(name))


def system_prompt(facts: str, conventions: str = "") -> Prompt:
    """Return the instructions that all agents share: the same over a whole run, so that providers cache them.

    Args:
        facts: As `agents.compact_facts` writes them.
        conventions: The team's conventions file.
    """
    return prompt("system", facts=facts, conventions=conventions.strip())


@cache
def version_of(name: str) -> str:
    """Return the version of a prompt: twelve digits of the digest of its file."""
    environment = _environment()
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, f"{name}.md")
    return hashlib.sha256(source.encode()).hexdigest()[:12]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("agents", "prompts"),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
