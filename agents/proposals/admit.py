"""Which proposals can be applied together, and applying them: data in, files or constraints out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.proposals.model import Material, Proposal, Refused
from agents.proposals.registry import KINDS
from tools.checks.model import Step
from tools.errors import UserError
from tools.plan.edits import PlanEdits, validated_edits
from tools.plan.model import Constraint
from tools.secrets import redact

MOST = 60
LONGEST = 8_000
REASON = "the chat model proposed it"


@dataclass(frozen=True)
class Admitted:
    """What became of an answer's proposals.

    Attributes:
        fitting: Those that can be applied, together and in this order.
        refused: The others, each with the reason.
        constraints: What the fitting ones ask of the plan.
    """

    fitting: tuple[Proposal, ...] = ()
    refused: tuple[tuple[Proposal, str], ...] = ()
    constraints: tuple[Constraint, ...] = ()


def admitted(proposals: Sequence[Proposal], material: Material) -> Admitted:
    """Try proposals one after the other on what the earlier ones left; each that cannot be applied is left out.

    Args:
        proposals: As an answer has them; at most 60 count.
        material: Facts, plan and files.
    """
    edits, files = PlanEdits(), dict(material.tree)
    fitting: list[Proposal] = []
    refused: list[tuple[Proposal, str]] = []
    constraints: tuple[Constraint, ...] = ()
    for proposal in proposals[:MOST]:
        kind = KINDS[proposal.kind]
        try:
            if kind.edits is not None and any((p.kind, p.target) == (proposal.kind, proposal.target) for p in fitting):
                raise Refused(f"`{proposal.target}` has a proposal of this kind already")
            if len(proposal.value) > LONGEST or len(proposal.target) > LONGEST:
                raise Refused(f"it has more than {LONGEST} characters")
            if redact(proposal.value) != proposal.value:
                raise Refused("there is a secret in it")
            if kind.prepared is not None:
                proposal = kind.prepared(proposal, material.model_copy(update={"tree": files}))
            if kind.edits is not None:
                joined = edits.joined(kind.edits(proposal, material))
                constraints = validated_edits(material.facts, material.plan, joined, REASON)
                edits = joined
            if kind.changed is not None:
                changed = kind.changed(proposal, files)
                if changed == files:
                    raise Refused("it changes nothing")
                files = changed
        except (Refused, UserError) as why:
            refused.append((proposal, str(why)))
        else:
            fitting.append(proposal)
    if len(proposals) > MOST:
        left_out = f"this and {len(proposals) - MOST - 1} more were left out: an answer has at most {MOST} proposals"
        refused.append((proposals[MOST], left_out))
    return Admitted(tuple(fitting), tuple(refused), constraints)


def with_proposals(files: Mapping[str, str], proposals: Sequence[Proposal], step: Step) -> tuple[dict[str, str], int]:
    """Return files with the changes that belong into a step's work, and how many of them no longer fit.

    Args:
        files: As the step's policy generates them.
        proposals: Accepted and pending ones, in order.
        step: The hardener generates the modules anew, so the writer's proposals belong into its work too.
    """
    changed, lost = dict(files), 0
    for proposal in proposals:
        kind = KINDS[proposal.kind]
        if kind.changed is not None and step in _steps(kind.step):
            try:
                changed = kind.changed(proposal, changed)
            except Refused:
                lost += 1
    return changed, lost


def _steps(step: Step) -> tuple[Step, ...]:
    return ("structure", "harden") if step == "structure" else (step,)
