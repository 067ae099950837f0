"""The command that delivers a result, and the options of delivery that `run` has too."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graph.cli_runs import Json
from graph.guarded import guarded

_INTO = "Existing git repository to deliver into; its work tree and index are left alone."
Into = Annotated[Path | None, typer.Option("--into", help=_INTO)]
Branch = Annotated[str, typer.Option("--branch", help="New branch there, with one commit for each accepted step.")]
Base = Annotated[str, typer.Option("--base", help="Branch to start from; the one it stands on if left out.")]
Subfolder = Annotated[str, typer.Option("--subfolder", help="Folder there; the project's name if left out, `.`: root.")]
OpenPr = Annotated[bool, typer.Option("--open-pr", help="Push the branch and open a pull request.")]
Unverified = Annotated[bool, typer.Option("--deliver-unverified", help="Deliver what is not `verified`, and say so.")]
Junit = Annotated[Path | None, typer.Option("--junit", help="Write the checks as JUnit XML.")]


def deliver(
    folder: Annotated[Path, typer.Argument(help="A generated repository whose run has ended.")],
    into: Into = None,
    branch: Branch = "",
    base: Base = "",
    subfolder: Subfolder = "",
    open_pr: OpenPr = False,
    unverified: Unverified = False,
    json_output: Json = False,
) -> None:
    """Put a generated repository on a new branch of an existing one."""

    def work() -> int:
        import json

        from graph.finishing import order_of, show_delivered
        from tools.delivery.deliver import code_of
        from tools.delivery.deliver import deliver as carry_out
        from tools.errors import UserError

        order = order_of(into, branch, base, subfolder, open_pr, unverified)
        if order is None:
            raise UserError("deliver needs --into REPO and --branch NAME: where the result goes")
        found = carry_out(folder, order).model_dump()
        if json_output:
            sys.stdout.write(json.dumps(found, indent=2) + "\n")
        else:
            show_delivered(found)
        return int(code_of(found["verdict"]))

    guarded(work)
