"""What a tool is, and what it works on: the text of a generated repository, held in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from agents.compact_facts import Share
from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.team.model import GuardrailsConfig


class RefusedError(Exception):
    """A tool refuses; its text is one sentence for the model: what, why, what instead."""


class Edit(Frozen):
    """One exact replacement.

    Attributes:
        path: Of the file.
        old: Text that stands in it exactly once; empty for a file that is made anew.
        new: What takes its place.
    """

    path: str
    old: str
    new: str


Allowed = Callable[[str, str], None]
"""Raises `UserError` where a path may not be written with a text: the guards of the workspace."""
RunCheck = Callable[[Mapping[str, str], str], tuple[Diagnostic, ...] | str]
"""Runs a check by name on a tree whose texts are these; findings, or why it did not run."""


@dataclass
class Bench:
    """What the tools of one agent work on.

    Attributes:
        tree: Text files by path, with the edits made so far.
        before: The same without them.
        allowed: Guards of the workspace.
        check: Runs a check.
        rules: Of the team.
        share: What may leave the machine.
        facts: Of the notebook.
        plan: In force.
        edits: Made so far, in order.
        given: Characters of results given so far.
        checked: Checks run so far.
    """

    tree: dict[str, str]
    before: Mapping[str, str]
    allowed: Allowed
    check: RunCheck
    rules: GuardrailsConfig = field(default_factory=GuardrailsConfig)
    share: Share = "code+schema"
    facts: NotebookFacts | None = None
    plan: ExtractionPlan | None = None
    edits: list[Edit] = field(default_factory=list)
    given: int = 0
    checked: int = 0


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: By which a model calls it.
        description: For the model.
        arguments: Their form.
        work: Does it; returns text, or raises `RefusedError`.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    work: Callable[[Bench, Any], str]
