"""What a run shows to a person: live progress on stderr, the summary on stdout."""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.approval import question
from graph.chat_rows import chat_line
from graph.state import RunState
from graph.summary import mutation_score
from tools.errors import printable
from tools.repair.tell import baseline, told

_MARK = {"passed": "[green]passed[/]", "failed": "[red]failed[/]", "skipped": "[yellow]skipped[/]"}
_COLOUR = {"verified": "green", "unproven": "yellow", "failed": "red"}


class Progress:
    """Prints one line when a node ends, and a spinner while it works on a terminal.

    Args:
        quiet: Print nothing.
        prompts: Print what chat models are asked, word for word.
    """

    def __init__(self, quiet: bool = False, prompts: bool = False) -> None:
        self._prompts = prompts
        self._console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
        self._live = self._console.status("") if sys.stderr.isatty() and not quiet else None

    def __call__(self, event: dict[str, Any]) -> None:
        """Show one event of a node: `{"node", "event": "start" | "end" | "note", "text", "seconds"}`."""
        node, text = str(event.get("node", "")), escape(printable(str(event.get("text", ""))))
        if event.get("event") == "prompt":
            if self._prompts:
                self._console.print(f"{node} asks the chat model:\n{text}\n{'-' * 80}")
            return
        if event.get("event") == "start":
            if self._live:
                self._live.update(f"{node}: {text}" if text else node)
                self._live.start()
            return
        seconds = event.get("seconds")
        took = f"{seconds:6.1f} s" if isinstance(seconds, float) else " " * 8
        self._console.print(f"{node:<10} {took}  {text}")

    def stop(self) -> None:
        """End the spinner."""
        if self._live:
            self._live.stop()


def show_summary(state: RunState, console: Console | None = None) -> None:
    """Print how a run ended: steps, checks, metrics side by side, where the report lies, what to do next."""
    out = console or Console(highlight=False, soft_wrap=True)
    out.print()
    out.print(_steps(state))
    out.print(_checks(state))
    metrics = _metrics(state)
    if metrics.row_count:
        out.print(metrics)
    verdict = str(state.get("verdict"))
    reason = escape(printable(state.get("reason", "")))
    after = f" after {told(state['repairs'])}" if state.get("repairs") else ""
    out.print(f"verdict   [{_COLOUR.get(verdict, 'red')} bold]{verdict}[/]{escape(after)}: {reason}")
    repairs = state.get("repairs", [])
    if repairs:
        out.print(f"repairs   {escape(baseline(repairs))}.")
    chat = chat_line(state["improvement"], state.get("mending")) if "improvement" in state else ""
    if chat:
        out.print(f"models    {escape(printable(chat))}")
    folder = _short(state["out"])
    out.print(f"package   {escape(folder)}")
    out.print(f"report    {escape(folder)}/report.html (and REPORT.md, EXTRACTION_PLAN.md)")
    if verdict == "failed":
        for found in [d for d in state.get("diagnostics", []) if d.severity == "error"][:10]:
            place = f"{found.file}:{found.line}" if found.line else found.file
            out.print(f"  {found.step}: {escape(place)} {found.code}: {escape(printable(found.message[:300]))}")
        out.print(f"next      read the report, then `ml-productionize resume {state['thread_id']}` or mend by hand")
    else:
        out.print(f"next      cd {escape(folder)} && make install && make train && make evaluate && make test")


def show_waiting(state: RunState, console: Console | None = None) -> None:
    """Print what a run waits for, and how to answer."""
    out = console or Console(highlight=False, soft_wrap=True)
    asked = question(state)
    if "last_answer" in asked:
        out.print(escape(str(asked["last_answer"])))
    out.print(f"waiting   {escape(str(asked['question']))}")
    out.print(f"look at   {escape(_short(str(asked['look_at'])))}")
    edit = " | --edit FILE" if "edit" in asked["answers"] else ""
    out.print(f"answer    ml-productionize resume {state['thread_id']} --accept{edit} | --reject REASON", markup=False)


def _short(path: str) -> str:
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def _steps(state: RunState) -> Table:
    table = Table("step", "attempts", "seconds", "what was done", box=None, pad_edge=False, header_style="bold")
    for name, step in state.get("steps", {}).items():
        table.add_row(name, str(step.attempts), f"{step.seconds:.1f}", escape(printable(step.summary)))
    return table


def _checks(state: RunState) -> Table:
    table = Table("check", "result", "seconds", "", box=None, pad_edge=False, header_style="bold")
    for check in state.get("checks", []):
        table.add_row(check.name, _MARK[check.status], f"{check.seconds:.1f}", escape(printable(check.summary)))
    score = mutation_score(state)
    if score is not None:
        table.add_row("mutation score", f"{score:.2f}", "", "")
    return table


def _metrics(state: RunState, most: int = 25) -> Table:
    table = Table("metric", "notebook", "package", "", box=None, pad_edge=False, header_style="bold")
    found = state.get("equivalence")
    if found is None:
        return table
    names = sorted({*found.metrics_notebook, *found.metrics_package})
    for name in names[:most]:
        left, right = found.metrics_notebook.get(name), found.metrics_package.get(name)
        table.add_row(
            escape(name),
            "" if left is None else f"{left:.10g}",
            "" if right is None else f"{right:.10g}",
            "equal" if left == right else "",
        )
    if len(names) > most:
        table.add_row(f"and {len(names) - most} more, see REPORT.md", "", "", "")
    return table
