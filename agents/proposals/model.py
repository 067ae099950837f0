"""A proposal: a small change that a chat model asks for, as data. The engine applies it, the checks keep it or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic, Step
from tools.frozen import Frozen
from tools.plan.edits import PlanEdits
from tools.plan.model import ExtractionPlan

Form = TypeVar("Form", bound=BaseModel)


class Refused(Exception):  # noqa: N818
    """A proposal cannot be applied; the text says why, in a sentence."""


class Proposal(Frozen):
    """One change that is asked for.

    Attributes:
        kind: A key of `agents.proposals.registry.KINDS`, which says what `target` and `value` mean.
        target: What is to change: `clean_data`, `src/data/loader.py:clean_data`, `model.ridge.alpha`.
        value: The form that its kind demands, as JSON.
    """

    kind: str
    target: str
    value: str


class Material(Frozen):
    """What questions are made from and proposals are judged by.

    Attributes:
        facts: Of the notebook.
        plan: In force.
        tree: Text files of the generated repository.
        survivors: Mutants that no test notices, as the review found them.
    """

    facts: NotebookFacts
    plan: ExtractionPlan
    tree: dict[str, str] = {}
    survivors: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of proposal.

    Attributes:
        step: The step that is done again with it.
        told: One line for people.
        prepared: The proposal, checked against facts and files and completed from them; raises `Refused`. None where
            there is nothing to check beforehand.
        edits: What it asks of the plan; raises `Refused`. None where it changes files.
        changed: The files with the change, from those generated; raises `Refused`. None where it edits the plan.
    """

    step: Step
    told: Callable[[Proposal], str]
    prepared: Callable[[Proposal, Material], Proposal] | None = None
    edits: Callable[[Proposal, Material], PlanEdits] | None = None
    changed: Callable[[Proposal, Mapping[str, str]], dict[str, str]] | None = None


def short(text: str, most: int = 80) -> str:
    """Return a text as one short line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def read(proposal: Proposal, form: type[Form]) -> Form:
    """Return the value of a proposal in its form.

    Raises:
        Refused: If it has another one.
    """
    try:
        return form.model_validate_json(proposal.value)
    except ValidationError as error:
        raise Refused(f"its form is wrong: {error.errors()[0]['msg']}") from error


def place_of(target: str, files: Mapping[str, str]) -> tuple[str, str]:
    """Return path and name of a target such as `src/data/loader.py:clean_data`.

    Raises:
        Refused: If there is no such file.
    """
    path, _, name = target.partition(":")
    if path not in files or not name:
        raise Refused(f"there is no function `{target}` in the package")
    return path, name
