"""The `review` command: the reviewer alone, on any generated repository."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agents.reviewer import Review, review
from graph import record
from graph.finishing import refuse_unwritable, write_ci_files
from graph.guarding import hidden_paths, limits_from
from tools.analysis.model import NotebookFacts
from tools.checks.request import CheckRequest
from tools.environment import find_interpreter, package_environment
from tools.errors import ExitCode, UserError
from tools.notebook.read import secret_values
from tools.sandbox import Limits
from tools.team.find import load_team_files
from tools.workspace import Workspace

_CODES = {"verified": ExitCode.VERIFIED, "unproven": ExitCode.UNPROVEN, "failed": ExitCode.FAILED}


def review_folder(folder: Path, python: str, json_output: bool, junit: Path | None = None) -> int:
    """Check a generated repository, and compare it with its notebook where the run that made it is known here.

    Args:
        folder: The repository.
        python: Interpreter for it; empty for the tool's own.
        json_output: Print one JSON object instead of a table.
        junit: File for the checks as JUnit XML; None for none.

    Returns:
        The exit code.

    Raises:
        UserError: If the folder is no generated repository.
    """
    folder = folder.expanduser().resolve()
    if not (folder / "src").is_dir() or not (folder / "configs" / "default.yaml").is_file():
        raise UserError(f"{folder} is no generated repository: it has no src/ or no configs/default.yaml")
    if junit is not None:
        refuse_unwritable(junit)
    found = _reviewed(folder, python)
    if json_output:
        sys.stdout.write(json.dumps(found.model_dump(mode="json"), indent=2) + "\n")
    else:
        _show(found)
    write_ci_files(junit, folder.name, found.verdict, found.reason, found.results, found.diagnostics)
    return int(_CODES[found.verdict])


def _reviewed(folder: Path, python: str) -> Review:
    run = record.run_that_made(folder)
    facts = record.load_facts(run) if run else None
    interpreter = find_interpreter(python or None, facts.notebook if facts else None)
    scratch = Path(tempfile.mkdtemp(prefix="review-"))
    try:
        Workspace(folder).copy_to(scratch / "tree")
        return review(
            CheckRequest(
                tree=scratch / "tree",
                facts=facts,
                plan=record.load_plan(run) if run else None,
                environment=package_environment(interpreter),
                notebook_interpreter=interpreter,
                limits=_limits(facts, folder),
                cache=run / "captures" if run else None,
            )
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _limits(facts: NotebookFacts | None, folder: Path) -> Limits:
    team = load_team_files(Path(facts.notebook.path).parent if facts else folder)
    hidden = hidden_paths(facts.notebook, team) if facts else ()
    found = limits_from(team.config, team.config.budget.run_seconds, hidden)
    notebook = Path(facts.notebook.path) if facts else None
    secrets = tuple(secret_values(notebook).items()) if notebook and notebook.is_file() else ()
    return found.model_copy(update={"secrets": secrets})


def _show(found: Review) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = Table("check", "result", "seconds", "", box=None, pad_edge=False, header_style="bold")
    for result in found.results:
        table.add_row(result.name, result.status, f"{result.seconds:.1f}", escape(result.summary))
    console.print(table)
    for diagnostic in found.diagnostics:
        place = f"{diagnostic.file}:{diagnostic.line}" if diagnostic.line else diagnostic.file
        console.print(
            f"{diagnostic.severity} {diagnostic.step} {escape(place)} {diagnostic.code} {escape(diagnostic.message)}"
        )
    console.print(f"verdict {found.verdict} {escape(found.reason)}")
