"""How a run begins: the notebook, the team files and the output folder are looked at, the five steps lie ahead."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langgraph.config import get_config

from agents.llm import Usage, configured, reachable
from agents.prices import dollars
from agents.specialists.registry import SPECIALISTS
from graph import record
from graph.budget import Spent
from graph.guarding import seal_before
from graph.improvement import Improvement
from graph.mended import Mending
from graph.state import VERSION, RunState
from graph.team_steps import llm_of
from graph.telling import tell
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
    spent, silent = models_answer(team)
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
        "improvement": Improvement(silent=silent),
        "mending": Mending(),
        "spent": spent,
        "verdict": None,
        "reason": "",
        "review_verdict": None,
        "review_reason": "",
        "budget_ended": False,
    }


def output_folder(state: Mapping[str, Any]) -> Path:
    """Return where the generated repository of a run lies: as named, else beside here."""
    return Path(state.get("out") or f"{Path(state['notebook']).stem}-package").expanduser().resolve()


def models_answer(team: TeamFiles) -> tuple[Spent, str]:
    """Ask each chat model in use for one word, before work is done; one that is away is told, and the run goes on.

    Returns:
        What that cost, and why one of them is away, one sentence; empty where all are there.

    Raises:
        UserError: If the configuration, the key or the name of a model is wrong.
    """
    spent, silent = Spent(), ""
    asked: set[tuple[str, str]] = set()
    for specialist in SPECIALISTS:
        config = llm_of(team, specialist.step)
        why_not = configured(config)
        if config.model in ("", "none") or (config.model, config.base_url) in asked:
            continue
        asked.add((config.model, config.base_url))
        began = time.monotonic()
        dollars(config.model, 0, 0)
        usage = Usage()
        if not why_not:
            why_not, usage = reachable(config)
        silent = why_not or silent
        if why_not:
            tell(node="supervisor", event="note", text=f"{why_not}: the run does without it")
        seconds = time.monotonic() - began
        spent = spent.add("supervisor", seconds, usage.input_tokens + usage.output_tokens, usage.usd or 0.0)
    return spent, silent


def _team_files(state: RunState, folder: Path) -> TeamFiles:
    found = load_team_files(
        folder,
        state.get("config_file", ""),
        state.get("conventions_file", ""),
        state.get("pipeline_file", ""),
    )
    found = overridden(found, from_environment(), "environment")
    return overridden(found, state.get("overrides", {}), "command line")
