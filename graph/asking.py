"""Asks a person on a terminal: shows the plan, and takes accept, edit in $EDITOR, or reject with a reason."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from graph import record
from graph.approval import Reply, question
from graph.state import RunState
from tools.errors import UserError
from tools.plan.read_back import HOW


def on_terminal() -> bool:
    """Tell whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(state: RunState) -> Reply:
    """Show what waits for approval, and return the answer of the person at the terminal."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    asked = question(state)
    if asked["step"] == "extract":
        _show_plan(state, console)
    if "last_answer" in asked:
        console.print(escape(str(asked["last_answer"])))
    console.print(f"{escape(str(asked['question']))}  (see {escape(str(asked['look_at']))})")
    choices = ", ".join(f"[bold]{word[0]}[/]{word[1:]}" for word in asked["answers"])
    while True:
        console.print(f"{choices}? ", end="")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        word = line.strip().lower()
        chosen = next((answer for answer in asked["answers"] if word and answer.startswith(word)), "")
        if chosen == "accept":
            return Reply(action="accept")
        if chosen == "edit":
            return Reply(action="edit", plan=_in_editor(Path(state["out"]) / "EXTRACTION_PLAN.md"))
        if chosen == "reject":
            console.print("why? ", end="")
            return Reply(action="reject", reason=sys.stdin.readline().strip())


def _show_plan(state: RunState, console: object) -> None:
    from rich.console import Console

    from tools.plan.show import print_plan

    folder = Path(state["run_dir"])
    facts, plan = record.facts_and_plan(folder, state["plan_id"])
    if facts is not None and plan is not None and isinstance(console, Console):
        print_plan(facts, plan, console)


def _in_editor(plan: Path) -> str:
    """Return the plan as the person's editor leaves it, on a copy that says what can be changed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / plan.name
        copy.write_text(HOW + plan.read_text(encoding="utf-8"), encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(editor), str(copy)], check=False)
        except OSError as error:
            raise UserError(f"the editor `{editor}` cannot be started ({error.strerror}): set EDITOR") from error
        if done.returncode:
            raise UserError(f"the editor `{editor}` ended with {done.returncode}: the plan is as it was")
        return copy.read_text(encoding="utf-8")
