"""The commands about runs that there are: go on, list, go back, show the report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli_options import Base, Branch, Into, Json, Junit, OpenPr, Settings, Subfolder, Unverified
from graph.guarded import guarded, overrides_of, with_progress

if TYPE_CHECKING:
    from graph.approval import Reply

Thread = Annotated[str, typer.Argument(help="Id of the run; the latest one if left out.")]


def resume(
    thread: Thread = "",
    json_output: Json = False,
    from_step: Annotated[str, typer.Option(help="Do this step and all that follow it anew.")] = "",
    settings: Settings = None,
    accept: Annotated[bool, typer.Option("--accept", help="Approve what the run waits with.")] = False,
    edit: Annotated[Path | None, typer.Option(help="An edited EXTRACTION_PLAN.md: go on with it.")] = None,
    reject: Annotated[str, typer.Option(help="Send it back, with the reason.")] = "",
    junit: Junit = None,
    into: Into = None,
    branch: Branch = "",
    base: Base = "",
    subfolder: Subfolder = "",
    open_pr: OpenPr = False,
    unverified: Unverified = False,
) -> None:
    """Go on with a run where it stopped; answer it; redo it from a step on; deliver its result."""

    def work() -> int:
        from graph.finishing import Finish, order_of
        from graph.history import redone_from, step_named, with_overrides
        from graph.run import Change
        from graph.run import resume as go_on
        from tools.errors import UserError

        overrides = overrides_of(settings, {})
        change: Change | None = with_overrides(overrides) if overrides else None
        if from_step:
            change = redone_from(step_named(from_step), overrides)
        reply = reply_of(accept, edit, reject)
        if change is not None and reply is not None:
            raise UserError("answer the run (--accept, --edit, --reject), or change it (--from-step, --set), not both")
        finish = Finish(junit, order_of(into, branch, base, subfolder, open_pr, unverified))
        finish.check()
        return with_progress(lambda listener: go_on(thread, listener, change=change, reply=reply), json_output, finish)

    guarded(work)


def reply_of(accept: bool, edit: Path | None, reject: str) -> "Reply | None":
    """Return the answer that the options give; None for none.

    Raises:
        UserError: If there is more than one, or the file cannot be read.
    """
    from graph.approval import Reply
    from tools.errors import UserError

    if accept + (edit is not None) + bool(reject) > 1:
        raise UserError("give one answer: --accept, --edit FILE or --reject REASON")
    if edit is not None:
        try:
            return Reply(action="edit", plan=edit.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{edit} cannot be read: name an edited EXTRACTION_PLAN.md") from error
    if reject:
        return Reply(action="reject", reason=reject)
    return Reply(action="accept") if accept else None


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
