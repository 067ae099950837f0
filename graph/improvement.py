"""What a run knows of its chat models' proposals: small and typed; the proposals themselves lie in the run's folder."""

from typing import Literal

from pydantic import Field

from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult, Step
from tools.frozen import Frozen
from tools.plan.model import Constraint

Status = Literal["pending", "accepted", "rejected", "refused"]
ATTEMPTS = 2
"""Times that one agent's model is asked: again only after its proposals were taken back."""
REPAIRS = 3
"""Rounds of lint repairs that a tree with new proposals may take."""


class ProposalRecord(Frozen):
    """What became of one proposal.

    Attributes:
        id: Name of its file in the run's folder.
        step: Whose model made it.
        kind: Of `agents.proposals.registry.KINDS`.
        told: One line for people.
        status: `pending` (in the tree under review), `accepted`, `rejected` (a check or the comparison spoke against
            the tree with it), `refused` (it could not be applied).
        reason: Why it was rejected or refused.
    """

    id: str
    step: Step
    kind: str
    told: str
    status: Status = "pending"
    reason: str = ""


class Asked(Frozen):
    """One question to a chat model.

    Attributes:
        step: On whose behalf.
        attempt: From 1.
        model: Which one.
        prompt: Version of the prompt.
        calls: Requests made.
        input_tokens: In.
        output_tokens: Out.
        usd: Dollars; None where the price is not known.
        estimated: Some count is an estimate.
        problem: Why there was no answer; else empty.
        gone: No other question would be answered either.
    """

    step: Step
    attempt: int
    model: str
    prompt: str = ""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    estimated: bool = False
    problem: str = ""
    gone: bool = False


class Floor(Frozen):
    """The last accepted tree: what the run ends with at the least.

    Attributes:
        commit: In the generated repository.
        review: Name of the file, in the run's folder, with what the review said of it.
    """

    commit: str
    review: str


class Trial(Frozen):
    """A tree with new proposals, on its way to its review.

    Attributes:
        step: Whose model made them.
        problem: Why it is taken back without a review; empty as long as there is none.
        repairs: Rounds in which lint findings sent a step back.
    """

    step: Step
    problem: str = ""
    repairs: int = 0


class Improvement(Frozen):
    """All of it.

    Attributes:
        floor: The last accepted tree; None before the first review without an error.
        trial: The tree under trial; None where there is none.
        attempts: How often each agent's model was asked.
        finished: Agents whose models are not asked again.
        silent: Why no model is asked any more, one sentence; empty as long as they are.
        proposals: In the order in which they were made.
        asked: Every question.
    """

    floor: Floor | None = None
    trial: Trial | None = None
    attempts: dict[Step, int] = {}
    finished: tuple[Step, ...] = ()
    silent: str = ""
    proposals: tuple[ProposalRecord, ...] = ()
    asked: tuple[Asked, ...] = ()


class Reviewed(Frozen):
    """What a review said of a floor, and what the state held then: all that a tree taken back brings back.

    Attributes:
        plan_id: The plan in force.
        constraints: All that checks had taught, and what was asked for.
        checks: Results.
        equivalence: Of the comparison.
        diagnostics: Findings.
        verdict: `verified` or `unproven`.
        reason: Of the verdict.
        steps: Commit and summary of each step.
        tests: Generated tests by file.
        silenced: Lines that silence a code.
    """

    plan_id: str
    constraints: tuple[Constraint, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    equivalence: EquivalenceResult | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    verdict: Literal["verified", "unproven", "failed"] = "unproven"
    reason: str = ""
    steps: dict[str, tuple[str, str]] = {}
    tests: dict[str, int] = Field(default={})
    silenced: int = 0
