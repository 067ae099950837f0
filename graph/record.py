"""What a run keeps on disk beside its checkpoints: facts, plan and captures, as JSON under its own folder."""

import hashlib
import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tools.analysis.model import NotebookFacts
from tools.errors import ExitCode, UserError
from tools.plan.model import ExtractionPlan

Model = TypeVar("Model", bound=BaseModel)


def state_folder() -> Path:
    """Return the folder of all runs: `ML_PRODUCTIONIZE_HOME`, else `.ml-productionize` here."""
    return Path(os.environ.get("ML_PRODUCTIONIZE_HOME") or ".ml-productionize").resolve()


def run_folder(thread_id: str) -> Path:
    """Return the folder of one run."""
    return state_folder() / "runs" / thread_id


def make_state_folder() -> Path:
    """Create the folder of all runs, ignored by git, and return it.

    Raises:
        UserError: If it cannot be written.
    """
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise UserError(
            f"the state folder {folder} cannot be written ({error.strerror}): set ML_PRODUCTIONIZE_HOME to another one"
        ) from error
    return folder


def save_facts(folder: Path, facts: NotebookFacts) -> None:
    """Write the facts of a run."""
    _write(folder / "facts.json", facts.model_dump_json())


def load_facts(folder: Path) -> NotebookFacts | None:
    """Read the facts of a run; None before extraction has run."""
    return _read(folder / "facts.json", NotebookFacts)


def forget_facts(folder: Path) -> None:
    """Remove the facts of a run, so that its notebook is read and run again."""
    (folder / "facts.json").unlink(missing_ok=True)


def save_plan(folder: Path, plan: ExtractionPlan) -> str:
    """Write a plan of a run beside its earlier ones, and return its id."""
    text = plan.model_dump_json(indent=1)
    identifier = hashlib.sha256(text.encode()).hexdigest()[:16]
    _write(folder / "plans" / f"{identifier}.json", text)
    _write(folder / "plan.json", text)
    return identifier


def load_plan(folder: Path, identifier: str = "") -> ExtractionPlan | None:
    """Read a plan of a run: the one with this id, else the latest; None before extraction has run."""
    return _read(folder / "plans" / f"{identifier}.json" if identifier else folder / "plan.json", ExtractionPlan)


def facts_and_plan(folder: Path, identifier: str) -> tuple[NotebookFacts | None, ExtractionPlan | None]:
    """Read what a run knows of its notebook, and the plan with this id; None for what there is not yet."""
    return load_facts(folder), load_plan(folder, identifier)


def save(folder: Path, model: BaseModel) -> str:
    """Write a model into a folder, and return its id there."""
    text = model.model_dump_json(indent=1)
    identifier = hashlib.sha256(text.encode()).hexdigest()[:16]
    _write(folder / f"{identifier}.json", text)
    return identifier


def load(folder: Path, identifier: str, kind: type[Model]) -> Model:
    """Read a model of a folder by its id.

    Raises:
        UserError: If it is gone or damaged.
    """
    found = _read(folder / f"{identifier}.json", kind)
    if found is None:
        raise UserError(f"{folder / identifier}.json is gone: start the run anew", ExitCode.FAILED)
    return found


def run_that_made(folder: Path) -> Path | None:
    """Return the folder of the latest run that wrote a generated repository; None where no run here did."""
    found = [p for p in (state_folder() / "runs").glob("*/out.txt") if p.read_text().strip() == str(folder)]
    return max(found, key=lambda p: p.stat().st_mtime).parent if found else None


def _read(path: Path, kind: type[Model]) -> Model | None:
    if not path.is_file():
        return None
    try:
        return kind.model_validate_json(path.read_text())
    except ValueError as error:
        raise UserError(
            f"{path} is damaged or was written by another version of this program: start the run anew", ExitCode.FAILED
        ) from error


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)
