"""Proposal: a better key for a setting, and so for the parameter that takes it. Target: its key; value: the new one."""

from agents.proposals.model import Kind, Material, Proposal
from tools.plan.edits import PlanEdits


def _edits(proposal: Proposal, material: Material) -> PlanEdits:
    return PlanEdits(rename_settings={proposal.target: proposal.value})


def _told(proposal: Proposal) -> str:
    return f"name setting `{proposal.target}` `{proposal.value}`"


RENAME_SETTING = Kind(step="extract", told=_told, edits=_edits)
