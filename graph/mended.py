"""What a run knows of agents that edit with tools: small and typed; their edits lie in the run's folder."""

from typing import Literal

from tools.frozen import Frozen

REPAIR = "repair"
"""Name of the work on errors that the policies know no repair for; other names are those of the team's own steps."""


class PatchRecord(Frozen):
    """What became of the edits of one agent at work.

    Attributes:
        id: Name of their file in the run's folder.
        work: `repair`, or the name of a step of the team's own.
        told: One line for people.
        status: `pending` (in the tree under review), `accepted`, `rejected`.
        reason: Why they were taken back.
    """

    id: str
    work: str
    told: str
    status: Literal["pending", "accepted", "rejected"] = "pending"
    reason: str = ""


class AgentWork(Frozen):
    """One agent at work, and what it cost; its diagnosis counts with it.

    Attributes:
        work: `repair`, or the name of a step of the team's own.
        model: Which one.
        steps: Calls of the model with tools.
        calls: Requests made, those for a diagnosis among them.
        input_tokens: In.
        output_tokens: Out.
        usd: Dollars; None where the price is not known.
        estimated: Some count is an estimate.
        problem: Why it ended early; else empty.
    """

    work: str
    model: str
    steps: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    estimated: bool = False
    problem: str = ""


class PatchTrial(Frozen):
    """A tree with an agent's edits, on its way to its review.

    Attributes:
        work: Whose edits.
        commit: The tree without them.
        review: Name of the file, in the run's folder, with what its review said.
        problem: Why they are taken back without a review; empty as long as there is none.
    """

    work: str
    commit: str
    review: str
    problem: str = ""


class Mending(Frozen):
    """All of it.

    Attributes:
        turn: Whose turn it is next: `repair`, or the name of a step of the team's own; empty for nobody's.
        trial: The tree under trial; None where there is none.
        stuck: Why the run would have ended had no agent tried to mend it; empty where it would not.
        finished: Works that are not tried again.
        patches: In the order in which they were made.
        works: Every agent at work.
    """

    turn: str = ""
    trial: PatchTrial | None = None
    stuck: str = ""
    finished: tuple[str, ...] = ()
    patches: tuple[PatchRecord, ...] = ()
    works: tuple[AgentWork, ...] = ()
