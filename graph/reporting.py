"""The reports of a run, with the notebook's secrets masked."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from graph.chat_rows import model_rows, proposal_rows
from graph.state import RunState
from guardrails.conventions import ConventionLine, checked_by, read_conventions
from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic
from tools.plan.model import ExtractionPlan
from tools.report.model import ConventionRow
from tools.secrets import redact
from tools.workspace import Workspace

Model = TypeVar("Model", bound=BaseModel)


def report_files(state: RunState, facts: NotebookFacts, plan: ExtractionPlan, workspace: Workspace) -> dict[str, str]:
    """Return the report files of a run.

    Args:
        state: At its end.
        facts: Of the notebook.
        plan: In force.
        workspace: The generated repository.
    """
    from tools.report.write import write_reports

    return write_reports(
        masked(facts),
        masked(plan),
        verdict=state["verdict"] or "failed",
        reason=redact(state["reason"]),
        results=tuple(masked(result) for result in state["checks"]),
        equivalence=state["equivalence"],
        diagnostics=tuple(masked(found) for found in state["diagnostics"]),
        steps={name: (step.attempts, step.summary) for name, step in state["steps"].items()},
        tree={path: redact(text) for path, text in workspace.texts().items()},
        conventions=convention_rows(state["team"].conventions, state["diagnostics"]),
        models=tuple(masked(row) for row in model_rows(state["improvement"], state["mending"])),
        proposals=tuple(masked(row) for row in proposal_rows(state["improvement"], state["mending"])),
    )


def convention_rows(text: str, diagnostics: Sequence[Diagnostic]) -> tuple[ConventionRow, ...]:
    """Return the lines of the team's conventions, each with the rules that check it and how many places break them.

    Args:
        text: Of the conventions file.
        diagnostics: Findings of the last review.
    """
    from guardrails.rules.registry import RULES

    names = {rule.code: f"{rule.code} {rule.name}" for rule in RULES}
    lines = checked_by(read_conventions(text), {rule.code: rule.compiles for rule in RULES})
    return tuple(
        ConventionRow(
            line=line.number,
            section=line.section,
            text=redact(line.text),
            rules=tuple(names[code] for code in codes),
            broken=sum(1 for d in diagnostics if d.check == "conventions" and d.code in codes and _about(d, line)),
        )
        for line, codes in lines
    )


def _about(found: Diagnostic, line: ConventionLine) -> bool:
    """Tell whether a finding of a rule that checks several lines is about this one."""
    return found.code != "G013" or found.file == line.folder


def masked(model: Model) -> Model:
    """Return a model with the secrets in all of its texts replaced by a mask."""
    return type(model).model_validate(_masked(model.model_dump()))


def _masked(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _masked(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked(found) for found in value)
    return value
