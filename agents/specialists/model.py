"""A specialist: what a chat model is asked on behalf of one agent, and how its answer is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from agents.proposals.model import Material, Proposal
from tools.checks.model import Step


@dataclass(frozen=True)
class Specialist:
    """One agent's questions.

    Attributes:
        step: Of the agent.
        prompt: Name of the file with the question.
        answer: The form that is asked for.
        values: What the prompt reads beside `task` and `reasons`; with `most` characters of code at the most.
            Empty where there is nothing to ask.
        proposals: What an answer proposes.
    """

    step: Step
    prompt: str
    answer: type[BaseModel]
    values: Callable[[Material, int], dict[str, object]]
    proposals: Callable[[Any], tuple[Proposal, ...]]
