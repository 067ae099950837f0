"""Proposal: what a function is for, the first line of its docstring. Target: its name; value: one line."""

from agents.proposals.model import Kind, Material, Proposal, short
from tools.plan.edits import PlanEdits


def _edits(proposal: Proposal, material: Material) -> PlanEdits:
    return PlanEdits(describe_functions={proposal.target: proposal.value})


def _told(proposal: Proposal) -> str:
    return f"describe function `{proposal.target}`: {short(proposal.value)}"


DESCRIBE_FUNCTION = Kind(step="extract", told=_told, edits=_edits)
