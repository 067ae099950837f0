"""The `plan` command: the extractor alone, nothing written."""

import json
import sys
from pathlib import Path

from agents.extractor import find_facts
from agents.model import StepInput
from graph.guarding import hidden_paths, limits_from
from guardrails.sensitive_files import refuse_sensitive
from tools.analysis.model import NotebookFacts, NotebookWarning
from tools.environment import Interpreter, find_interpreter
from tools.notebook.read import read_notebook, secret_values
from tools.plan.criteria import NothingToExtractError
from tools.plan.extraction import plan_extraction, plan_of_nothing
from tools.plan.model import ExtractionPlan
from tools.team.find import load_team_files


def make_plan(path: Path, python: str, execute: bool) -> tuple[NotebookFacts, ExtractionPlan]:
    """Read, (run,) analyse and plan a notebook.

    One in which there is nothing to extract has an empty plan and the warning `nothing-to-extract`.

    Raises:
        UserError: If it cannot be read.
    """
    path = path.expanduser()
    team = load_team_files(path.parent)
    refuse_sensitive(path, team.config.guardrails.sensitive_files)
    notebook = read_notebook(path)
    interpreter = (
        find_interpreter(python or None, notebook)
        if execute or python
        else Interpreter(path=sys.executable, version="")
    )
    limits = limits_from(team.config, team.config.budget.run_seconds, hidden_paths(notebook, team))
    facts = find_facts(
        StepInput(
            step="extract",
            notebook=Path(notebook.path),
            interpreter=interpreter,
            limits=limits.model_copy(update={"secrets": tuple(secret_values(path).items())}),
            execute=execute,
        )
    )
    try:
        return facts, plan_extraction(facts)
    except NothingToExtractError as error:
        warning = NotebookWarning(code="nothing-to-extract", message=str(error))
        return facts.model_copy(update={"warnings": (*facts.warnings, warning)}), plan_of_nothing(facts)


def print_prompts(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    """Print what chat models would be asked of a plan, word for word; nothing is sent."""
    from agents.proposals.model import Material
    from agents.specialists.question import asked, instructions
    from agents.specialists.registry import SPECIALISTS
    from tools.transform.build import build_modules
    from tools.transform.format import formatted

    team = load_team_files(Path(facts.notebook.path).parent)
    material = Material(facts=facts, plan=plan, tree=formatted(build_modules(facts, plan, "harden")))
    system = instructions(material, team.config.llm.share, team.conventions)
    sys.stdout.write(f"# Sent first with every question (version {system.version})\n\n{system.text}\n")
    for specialist in SPECIALISTS:
        question = asked(specialist, material)
        if question is not None:
            sys.stdout.write(f"# Asked for step {specialist.step} (version {question.version})\n\n{question.text}\n")


def print_programs(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    """Print the plan as one JSON object."""
    from tools.plan.document import plan_json

    sys.stdout.write(json.dumps(plan_json(facts, plan), indent=2) + "\n")


def print_people(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    """Print the plan as a tree and tables."""
    from rich.console import Console

    from tools.plan.show import print_plan

    print_plan(facts, plan, Console(highlight=False))
