"""Proposal: a better name for a function of the plan. Target: its name; value: the new one."""

from agents.proposals.model import Kind, Material, Proposal
from tools.plan.edits import PlanEdits


def _edits(proposal: Proposal, material: Material) -> PlanEdits:
    return PlanEdits(rename_functions={proposal.target: proposal.value})


def _told(proposal: Proposal) -> str:
    return f"name function `{proposal.target}` `{proposal.value}`"


RENAME_FUNCTION = Kind(step="extract", told=_told, edits=_edits)
