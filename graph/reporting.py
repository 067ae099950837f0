"""The reports of a run, with the notebook's secrets masked."""

from typing import Any, TypeVar

from pydantic import BaseModel

from graph.state import RunState
from guardrails.secrets import redact
from tools.analysis.model import NotebookFacts
from tools.plan.model import ExtractionPlan
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
    )


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
