"""Puts a question together: the instructions that stay the same over a run, and what one agent asks."""

from collections.abc import Sequence

from agents.compact_facts import Share, compact_facts
from agents.prompting import Prompt, prompt, system_prompt
from agents.proposals.model import Material
from agents.specialists.model import Specialist

ROOM = (14_000, 6_000, 2_500)
"""Characters of code in a question: at first, and in shorter ones where the model cannot read so much."""


def instructions(material: Material, share: Share, conventions: str, room: int = ROOM[0]) -> Prompt:
    """Return the instructions of a run.

    Args:
        material: Its facts and its first accepted plan, so that they stay the same whatever is proposed later.
        share: What may leave the machine.
        conventions: Of the team.
        room: Characters of facts are bounded by half of it.
    """
    return system_prompt(compact_facts(material.facts, material.plan, share, room // 2), conventions)


def asked(
    specialist: Specialist, material: Material, *, task: str = "", reasons: Sequence[str] = (), room: int = ROOM[0]
) -> Prompt | None:
    """Return the question of a specialist; None where there is nothing to ask.

    Args:
        specialist: Who asks.
        material: What it asks about.
        task: The team's own words for the step.
        reasons: Why earlier answers were taken back.
        room: Characters of code at the most.
    """
    values = specialist.values(material, room)
    if not values:
        return None
    return prompt(specialist.prompt, task=task.strip(), reasons=list(reasons), **values)
