"""The commands about runs that there are: go on, list, go back, show the report."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graph.guarded import guarded, overrides_of, with_progress

Thread = Annotated[str, typer.Argument(help="Id of the run; the latest one if left out.")]
Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE over `.architect.yaml`.")]


def resume(
    thread: Thread = "",
    json_output: Json = False,
    from_step: Annotated[str, typer.Option(help="Do this step and all that follow it anew.")] = "",
    settings: Settings = None,
) -> None:
    """Go on with an interrupted run where it stopped; redo one from a step on."""

    def work() -> int:
        from graph.history import redone_from, step_named, with_overrides
        from graph.run import Change
        from graph.run import resume as go_on

        overrides = overrides_of(settings, {})
        change: Change | None = with_overrides(overrides) if overrides else None
        if from_step:
            change = redone_from(step_named(from_step), overrides)
        return with_progress(lambda listener: go_on(thread, listener, change=change), json_output)

    guarded(work)


def list_runs(json_output: Json = False) -> None:
    """List all runs with verdict, time and cost, the latest first."""

    def work() -> int:
        from graph.listing import print_runs

        print_runs(json_output)
        return 0

    guarded(work)


def rollback(step: Annotated[str, typer.Argument(help="Its latest commit comes back.")], thread: Thread = "") -> None:
    """Return the generated repository to a step's commit; `resume` then goes on from there."""

    def work() -> int:
        from graph.history import rollback as go_back
        from graph.history import step_named

        sys.stdout.write(go_back(step_named(step), thread) + "\n")
        return 0

    guarded(work)


def report(
    folder: Annotated[Path, typer.Argument(help="A generated repository.")],
    show: Annotated[bool, typer.Option("--open", help="Open report.html in the browser.")] = False,
) -> None:
    """Render REPORT.md and report.html anew from report.json, and say what they tell."""

    def work() -> int:
        from graph.rendering import render_again

        sys.stdout.write(render_again(folder, show) + "\n")
        return 0

    guarded(work)
