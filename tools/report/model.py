"""The report of one run as data: what `report.json` holds (docs/report.md), and what other reports are drawn from."""

from typing import Literal

from tools.checks.model import ComparedValue, Diagnostic, Difference
from tools.frozen import Frozen
from tools.notebook.model import Repair


class CheckRow(Frozen):
    """One check."""

    name: str
    status: str
    summary: str


class Place(Frozen):
    """Lines of a generated file, from 1, both ends included."""

    file: str
    line: int
    end_line: int


class StatementRow(Frozen):
    """One statement of the notebook.

    Attributes:
        id: Its id.
        line: First line in its cell, from 1.
        end_line: Last line.
        source: First line of its code, for lists.
        roles: What it does.
        kept: It is in the package.
        reason: Why it is kept or dropped.
        places: Where it went.
    """

    id: str
    line: int
    end_line: int
    source: str
    roles: tuple[str, ...]
    kept: bool
    reason: str
    places: tuple[Place, ...] = ()


class CellRow(Frozen):
    """One code cell."""

    index: int
    heading: str
    source: str
    statements: tuple[StatementRow, ...]
    note: str = ""


class MetricRow(Frozen):
    """One metric; a side that does not have it is None."""

    name: str
    notebook: float | None
    package: float | None
    equal: bool


class SettingRow(Frozen):
    """One setting: where the notebook had it, and where it is now."""

    key: str
    value: str
    statements: tuple[str, ...]
    line: int
    added: bool


class StageBox(Frozen):
    """One stage function, for the diagram."""

    name: str
    stage: str
    file: str
    line: int
    takes: tuple[str, ...]
    gives: tuple[str, ...]


class StepRow(Frozen):
    """One step of the run."""

    name: str
    attempts: int
    summary: str


class ChangeRow(Frozen):
    """A difference to review."""

    kind: str
    message: str
    statement: str


class ConventionRow(Frozen):
    """One line of the team's conventions.

    Attributes:
        line: In the team's file, from 1.
        section: `structure`, `required`, `prohibited` or `other`.
        text: What it asks for.
        rules: Codes and names of the rules that check it; empty where none does.
        broken: Number of places that break one of them.
    """

    line: int
    section: str
    text: str
    rules: tuple[str, ...] = ()
    broken: int = 0


class ModelRow(Frozen):
    """What one agent's chat model was asked, and what that cost.

    Attributes:
        agent: Of the step.
        model: Which one.
        questions: Asked.
        calls: Requests made.
        input_tokens: In.
        output_tokens: Out.
        usd: Dollars; None where the price of the model is not known.
        estimated: Some count of tokens is an estimate.
        problem: Why its last question had no answer; else empty.
    """

    agent: str
    model: str
    questions: int
    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None
    estimated: bool = False
    problem: str = ""


class ProposalRow(Frozen):
    """One proposal of a chat model.

    Attributes:
        agent: Whose model made it.
        proposal: In one line.
        status: `accepted`; `rejected` (a check or the comparison spoke against the package with it); `refused` (it
            could not be applied).
        reason: Why it was not accepted.
    """

    agent: str
    proposal: str
    status: str
    reason: str = ""


class Report(Frozen):
    """Everything that is reported. No times and no paths of the machine: the same run gives the same report.

    Attributes:
        version: Of this schema.
        project: Name of the generated project.
        title: Of the notebook.
        summary: What it is about.
        verdict: `verified`, `unproven` or `failed`.
        reason: Why it is not `verified`.
        notebook: File name.
        notebook_sha256: Of its bytes.
        order: How the notebook ran.
        checks: In the order of the run.
        compared: Number of values compared.
        equal: Number equal.
        tolerance: Stated, with its reason.
        seeds: Injected.
        evidence: Values of the first seed.
        differences: Explained.
        metrics: Side by side.
        cells: The notebook, and where each statement went.
        settings: Of configs/default.yaml.
        repairs: What was changed in the notebook to let it run on the installed libraries; the baseline of the proof is
            the notebook with them.
        changes: To be reviewed.
        questions: For a person.
        warnings: Findings that do not block.
        errors: Findings that do.
        stages: Of the package.
        steps: Of the run.
        conventions: Of the team, line by line.
        models: What each agent's chat model was asked; `report.json` has it only where one was.
        proposals: Of chat models, and what became of them; likewise.
        environment: Python, sandbox layer and package versions of the proof.
    """

    version: Literal[1] = 1
    project: str
    title: str
    summary: str
    verdict: str
    reason: str
    notebook: str
    notebook_sha256: str
    order: str
    checks: tuple[CheckRow, ...] = ()
    compared: int = 0
    equal: int = 0
    tolerance: str = "0"
    seeds: tuple[int, ...] = ()
    evidence: tuple[ComparedValue, ...] = ()
    differences: tuple[Difference, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    cells: tuple[CellRow, ...] = ()
    settings: tuple[SettingRow, ...] = ()
    repairs: tuple[Repair, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    questions: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    errors: tuple[Diagnostic, ...] = ()
    stages: tuple[StageBox, ...] = ()
    steps: tuple[StepRow, ...] = ()
    conventions: tuple[ConventionRow, ...] = ()
    models: tuple[ModelRow, ...] = ()
    proposals: tuple[ProposalRow, ...] = ()
    environment: dict[str, str] = {}
