"""The typed state of a run. Notebooks, facts, plans and trees stay on disk: the state holds paths and small facts."""

from typing import Literal, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from graph.budget import Spent
from graph.improvement import Improvement
from graph.mended import Mending
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult, Step
from tools.frozen import Frozen
from tools.notebook.model import Repair
from tools.plan.edits import PlanEdits
from tools.plan.model import Constraint
from tools.team.model import TeamFiles

Verdict = Literal["verified", "unproven", "failed"]
VERSION = 5
"""Of the state: a change that an older program cannot read, or of which it would make something else, raises it."""


class RunInput(BaseModel):
    """What a run starts from; the form that LangGraph Studio shows."""

    model_config = ConfigDict(extra="forbid")

    notebook: str = Field(
        title="Notebook", description="Path of the .ipynb (or percent-format .py) file; it is only read."
    )
    out: str = Field(
        default="", title="Output folder", description="New or empty folder for the repository; empty: beside here."
    )
    python: str = Field(
        default="", title="Python", description="Interpreter for the notebook; empty: its kernel's, else ours."
    )
    execute: bool = Field(default=True, title="Execute", description="Run the notebook; off: static analysis only.")
    config_file: str = Field(
        default="", title="Team configuration", description="`.architect.yaml`; empty: look for it."
    )
    conventions_file: str = Field(default="", title="Conventions", description="`.architect.md`; empty: look for it.")
    pipeline_file: str = Field(default="", title="Pipeline", description="`ml-productionize.yaml`; empty: look for it.")
    approve: Literal["", "plan", "each-step"] = Field(
        default="", title="Approve", description="Stop for a person: after the plan, or after each step; empty: never."
    )
    overrides: dict[str, str] = Field(
        default_factory=dict,
        title="Overrides",
        description="Values over the configuration, such as budget.max_rounds: 3.",
    )


class StepRecord(Frozen):
    """What became of one step.

    Attributes:
        attempts: How often it ran.
        seconds: Wall time of all its attempts.
        commit: Its latest commit in the generated repository.
        summary: One line on what it did last.
        sent_back: Codes of the diagnostics that sent it back, in order.
        skipped: Why it was left out; empty where it was done.
        findings: What guardrails and the team's own checks say of its latest attempt.
    """

    attempts: int = 0
    seconds: float = 0.0
    commit: str = ""
    summary: str = ""
    sent_back: tuple[str, ...] = ()
    skipped: str = ""
    findings: tuple[Diagnostic, ...] = ()


class Answer(Frozen):
    """What a person said of a step.

    Attributes:
        step: Of which.
        action: `accept`, `edit` or `reject`.
        reason: Why it was rejected.
        note: What became of the answer, for people; empty where it is plain.
    """

    step: Step
    action: Literal["accept", "edit", "reject"]
    reason: str = ""
    note: str = ""


class BestTree(Frozen):
    """The best tree so far: fewest errors, equivalence first."""

    commit: str
    errors: int
    proven: bool


class RunState(TypedDict, total=False):
    """State between nodes.

    Keys:
        version: Of this schema (`VERSION`) when the run began.
        team: The team files in force, with the values of the environment and the command line over them.
        thread_id: Of the run.
        run_dir: Folder of its facts, plans and captures.
        plan_id: The plan in force, among those in that folder.
        approve: After which steps a person is asked.
        awaiting: The step that waits for a person's answer.
        edits: What a person asks of the plan; may be edited between two nodes, and is honoured next.
        answers: Of people, in order.
        head: Commit that the generated repository stands at; whatever else lies there was cut off.
        pending: Steps to do, in order.
        steps: Record of each step by name.
        reviewed: The tree as it stands has been reviewed.
        rounds: Reviews done.
        checks: Results of the latest review.
        equivalence: Result of the latest comparison.
        diagnostics: Errors and warnings of the latest review.
        constraints: All that checks have taught.
        progress: Whether the tree is new, or anything was learned, since work was last sent back.
        seen: Ids of the contents reviewed so far.
        review_verdict: What the latest review says of the tree.
        review_reason: Why.
        best: The best tree so far.
        improvement: What chat models proposed, and what became of it.
        mending: What agents edited with tools, and what became of it.
        spent: Of the budget.
        repairs: Made in the notebook before it ran.
        verdict: Set when the run has ended.
        reason: Of the verdict, one sentence.
        budget_ended: The budget ended the run.
    """

    notebook: str
    out: str
    python: str
    execute: bool
    config_file: str
    conventions_file: str
    pipeline_file: str
    overrides: dict[str, str]
    version: int
    team: TeamFiles
    thread_id: str
    run_dir: str
    plan_id: str
    head: str
    approve: Literal["", "plan", "each-step"]
    awaiting: Step | None
    edits: PlanEdits
    answers: list[Answer]
    notebook_sha256: str
    pending: list[Step]
    steps: dict[str, StepRecord]
    reviewed: bool
    rounds: int
    checks: list[CheckResult]
    equivalence: EquivalenceResult | None
    diagnostics: list[Diagnostic]
    constraints: list[Constraint]
    progress: bool
    seen: list[str]
    review_verdict: Verdict | None
    review_reason: str
    best: BestTree | None
    improvement: Improvement
    mending: Mending
    spent: Spent
    repairs: list[Repair]
    verdict: Verdict | None
    reason: str
    budget_ended: bool
