"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE over `.architect.yaml`.")]
_INTO = "Existing git repository to deliver into; its work tree and index are left alone."
Into = Annotated[Path | None, typer.Option("--into", help=_INTO)]
Branch = Annotated[str, typer.Option("--branch", help="New branch there, with one commit for each accepted step.")]
Base = Annotated[str, typer.Option("--base", help="Branch to start from; the one it stands on if left out.")]
Subfolder = Annotated[str, typer.Option("--subfolder", help="Folder there; the project's name if left out, `.`: root.")]
OpenPr = Annotated[bool, typer.Option("--open-pr", help="Push the branch and open a pull request.")]
Unverified = Annotated[bool, typer.Option("--deliver-unverified", help="Deliver what is not `verified`, and say so.")]
Junit = Annotated[Path | None, typer.Option("--junit", help="Write the checks as JUnit XML.")]
