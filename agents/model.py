"""What every agent takes and gives: typed input, typed output, nothing shared in between.

An agent is a function `(StepInput) -> StepOutput`. It never writes to disk: the graph's node writes `files` through
the workspace, where the guardrails are, and commits them.
"""

from collections.abc import Callable
from pathlib import Path

from agents.proposals.model import Proposal
from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic, Step
from tools.environment import Interpreter
from tools.frozen import Frozen
from tools.plan.model import Constraint, ExtractionPlan
from tools.sandbox import Limits
from tools.team.model import LlmConfig


class StepInput(Frozen):
    """What a step starts from.

    Attributes:
        step: Name of the step.
        notebook: Path of the notebook (read only).
        facts: About the notebook; None before extraction has run.
        plan: The plan in force; None before extraction has run.
        tree: Text files of the generated repository as they are now, by path.
        diagnostics: Those that sent this step back; empty at its first attempt.
        constraints: All that checks have taught so far.
        attempt: From 1.
        instructions: The team's own words for this step (its `task`), for a chat model.
        interpreter: In which the notebook runs.
        limits: For the runs of foreign code.
        execute: Run the notebook (False: static analysis only).
        llm: The chat model for this step, as the team's files name it.
        tokens_left: That chat models may still take; None for any number.
        usd_left: Dollars that they may still cost; None for any number.
        proposals: Of chat models, accepted and pending; the step applies those that are changes of its files.
    """

    step: Step
    notebook: Path
    facts: NotebookFacts | None = None
    plan: ExtractionPlan | None = None
    tree: dict[str, str] = {}
    diagnostics: tuple[Diagnostic, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    attempt: int = 1
    instructions: str = ""
    interpreter: Interpreter
    limits: Limits
    execute: bool = True
    llm: LlmConfig = LlmConfig()
    tokens_left: int | None = None
    usd_left: float | None = None
    proposals: tuple[Proposal, ...] = ()


class StepOutput(Frozen):
    """What a step gives.

    Attributes:
        files: Text files to write, by path in the generated repository.
        removed: Paths to remove.
        copies: Files of the user's to copy: path in the generated repository to absolute source path.
        facts: New facts (extractor only).
        plan: New plan (extractor only).
        constraints: New constraints that this step derived from its diagnostics.
        summary: One line on what was done.
        tokens: That chat models took, in and out.
        usd: Dollars that they cost.
    """

    files: dict[str, str] = {}
    removed: tuple[str, ...] = ()
    copies: dict[str, str] = {}
    facts: NotebookFacts | None = None
    plan: ExtractionPlan | None = None
    constraints: tuple[Constraint, ...] = ()
    summary: str = ""
    tokens: int = 0
    usd: float = 0.0


Agent = Callable[[StepInput], StepOutput]
