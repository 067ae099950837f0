"""The command that delivers a result."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graph.cli_options import Base, Branch, Into, Json, OpenPr, Subfolder, Unverified
from graph.guarded import guarded


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
