"""How a run begins: the notebook, the team files and the output folder are looked at, the five steps lie ahead."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langgraph.config import get_config

from graph import record
from graph.budget import Spent
from graph.guarding import seal_before
from graph.state import VERSION, RunState
from tools.checks.model import STEPS
from tools.environment import find_interpreter
from tools.errors import UserError
from tools.notebook.read import read_notebook
from tools.plan.edits import PlanEdits
from tools.team.find import load_team_files
from tools.team.model import TeamFiles
from tools.team.override import from_environment, overridden
from tools.workspace import Workspace, sha256


def opened(state: RunState) -> dict[str, Any]:
    """Return the state that a run begins with.

    Args:
        state: What was asked for.

    Raises:
        UserError: If notebook, team files or output folder will not do.
    """
    notebook = Path(state["notebook"]).expanduser().resolve()
    if not notebook.is_file():
        what = "is a folder" if notebook.is_dir() else "does not exist"
        raise UserError(f"{notebook} {what}: name an .ipynb or a percent-format .py file")
    team = _team_files(state, notebook.parent)
    find_interpreter(state.get("python") or None, read_notebook(notebook))
    thread = str(get_config()["configurable"].get("thread_id", "run"))
    out = output_folder(state)
    Workspace(out).create()
    folder = record.run_folder(thread)
    record.make_state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "out.txt").write_text(f"{out}\n")
    seal_before(notebook, team, folder)
    return {
        "version": VERSION,
        "head": "",
        "plan_id": "",
        "approve": state.get("approve", ""),
        "awaiting": None,
        "edits": PlanEdits(),
        "answers": [],
        "notebook": str(notebook),
        "out": str(out),
        "python": state.get("python", ""),
        "execute": state.get("execute", True),
        "team": team,
        "thread_id": thread,
        "run_dir": str(folder),
        "notebook_sha256": sha256(notebook),
        "pending": list(STEPS),
        "steps": {},
        "reviewed": False,
        "progress": True,
        "seen": [],
        "rounds": 0,
        "checks": [],
        "equivalence": None,
        "diagnostics": [],
        "constraints": [],
        "best": None,
        "repairs": [],
        "spent": Spent(),
        "verdict": None,
        "reason": "",
        "review_verdict": None,
        "review_reason": "",
        "budget_ended": False,
    }


def output_folder(state: Mapping[str, Any]) -> Path:
    """Return where the generated repository of a run lies: as named, else beside here."""
    return Path(state.get("out") or f"{Path(state['notebook']).stem}-package").expanduser().resolve()


def _team_files(state: RunState, folder: Path) -> TeamFiles:
    found = load_team_files(
        folder,
        state.get("config_file", ""),
        state.get("conventions_file", ""),
        state.get("pipeline_file", ""),
    )
    found = overridden(found, from_environment(), "environment")
    return overridden(found, state.get("overrides", {}), "command line")
