"""What is done with a result when a command has one: files for a CI, and the delivery."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.state import RunState
    from tools.checks.model import CheckResult, Diagnostic
    from tools.delivery.model import Order

SUMMARY = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True)
class Finish:
    """What is to be done when a run has ended.

    Attributes:
        junit: File for the checks as JUnit XML; None for none.
        order: Where to deliver; None for nowhere.
    """

    junit: Path | None = None
    order: "Order | None" = None

    def check(self) -> None:
        """Refuse, before a run, what could not be done after it."""
        if self.junit is not None:
            refuse_unwritable(self.junit)
        if self.order is not None:
            from tools.delivery.deliver import check

            check(self.order)

    def done(self, state: "RunState") -> dict[str, Any]:
        """Do it, and return what is added to the result for programs.

        Raises:
            UserError: If something cannot be written or delivered.
        """
        verdict = state.get("verdict")
        if verdict is None:
            if self.order is not None:
                sys.stderr.write(
                    "ml-productionize: nothing is delivered yet; this ends the run and delivers it: ml-productionize "
                    f"resume {state['thread_id']} --into {self.order.into} --branch {self.order.branch}\n"
                )
            return {}
        name = Path(state["notebook"]).name
        write_ci_files(self.junit, name, verdict, state["reason"], state["checks"], state["diagnostics"])
        if self.order is None:
            return {}
        from tools.delivery.deliver import deliver

        return {"delivered": deliver(Path(state["out"]), self.order).model_dump()}


def order_of(
    into: Path | None, branch: str, base: str, subfolder: str, open_pr: bool, unverified: bool
) -> "Order | None":
    """Return the delivery that the options ask for; None for none.

    Raises:
        UserError: If some of them lack the others.
    """
    from tools.delivery.model import Order
    from tools.errors import UserError

    if into is None:
        if branch or base or subfolder or open_pr or unverified:
            raise UserError("--branch, --base, --subfolder, --open-pr and --deliver-unverified need --into REPO")
        return None
    if not branch:
        raise UserError("--into needs --branch NAME: the result goes on a new branch of that repository")
    return Order(into=into, branch=branch, base=base, subfolder=subfolder, open_pr=open_pr, unverified=unverified)


def refuse_unwritable(path: Path) -> None:
    """Refuse a file that cannot be written, before the work that it is to tell of.

    Raises:
        UserError: If it cannot.
    """
    from tools.errors import UserError

    parent = path.expanduser().resolve().parent
    if path.is_dir() or not parent.is_dir() or not os.access(parent, os.W_OK):
        raise UserError(f"--junit {path} cannot be written: name a file in a folder that is there")


def write_ci_files(
    junit_file: Path | None,
    name: str,
    verdict: str,
    reason: str,
    results: "Sequence[CheckResult]",
    diagnostics: "Sequence[Diagnostic]",
) -> None:
    """Write what a CI reads: JUnit XML where asked for, and the summary of the step where it has one.

    Raises:
        UserError: If a file cannot be written.
    """
    from tools.delivery.junit import junit
    from tools.delivery.step_summary import step_summary
    from tools.errors import ExitCode, UserError

    summary = os.environ.get(SUMMARY, "")
    path = junit_file.expanduser() if junit_file else Path(summary)
    try:
        if junit_file is not None:
            path.write_text(junit(verdict, reason, results, diagnostics), encoding="utf-8")
        if summary:
            path = Path(summary)
            with path.open("a", encoding="utf-8") as file:
                file.write(step_summary(name, verdict, reason, results, diagnostics))
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}): name another file", ExitCode.FAILED) from error


def show_delivered(delivered: dict[str, Any]) -> None:
    """Print a delivery for people."""
    for commit in delivered["commits"]:
        sys.stdout.write(f"commit    {commit['id'][:10]} {commit['subject']}\n")
    place = f"branch {delivered['branch']} of {delivered['repository']}, folder {delivered['folder']}"
    sys.stdout.write(f"delivered {place}\ntext      {delivered['text']}\n")
    if delivered["pull_request"]:
        sys.stdout.write(f"opened    {delivered['pull_request']}\n")
