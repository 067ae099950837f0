"""A generated repository in, a branch of an existing repository out; and its pull request, where asked for."""

from pathlib import Path

from tools.delivery.branch import write_branch
from tools.delivery.git import GitError
from tools.delivery.hosting import find_opener, open_pull_request, push
from tools.delivery.model import Delivered, Order
from tools.delivery.source import open_source
from tools.delivery.target import folder_in, open_target, replaced_files
from tools.delivery.text import TEXT, delivery_text, proven, unverified
from tools.errors import ExitCode, UserError
from tools.workspace import Workspace


def code_of(verdict: str) -> ExitCode:
    """Return the exit code that tells a verdict."""
    return {"verified": ExitCode.VERIFIED, "unproven": ExitCode.UNPROVEN}.get(verdict, ExitCode.FAILED)


def check(order: Order) -> None:
    """Refuse an order that could not be carried out, before a run that would take long.

    Raises:
        UserError: If the repository cannot take the delivery, or no pull request could be opened.
    """
    target = open_target(order)
    folder_in(order, "package")
    if order.open_pr:
        find_opener(target)


def deliver(folder: Path, order: Order) -> Delivered:
    """Put a generated repository on a new branch of an existing one.

    The work tree and the index of that repository stay as they are: only objects and one reference are written.

    Args:
        folder: The generated repository.
        order: Where to, and how.

    Raises:
        UserError: If it cannot be delivered, or is not verified and the order does not say that it may.
    """
    source = open_source(folder)
    why = unverified(source.report, source.later)
    if why and not order.unverified:
        raise UserError(
            f"{source.folder} is not delivered: {why}; --deliver-unverified delivers it all the same, and says so",
            code_of(proven(source.report, source.later)),
        )
    target = open_target(order)
    opener = find_opener(target) if order.open_pr else None
    where = folder_in(order, source.report.project)
    title, body = delivery_text(source.report, where, source.later)
    try:
        replaced = replaced_files(target, where, source.steps[-1].files)
        commits = write_branch(target, where, source.folder, source.steps, replaced, source.report.project)
    except GitError as error:
        raise UserError(
            f"the branch {order.branch!r} could not be made in {target.repository} ({error}): nothing of it was changed"
        ) from error
    text = _write_text(source.folder, body)
    address = ""
    if opener is not None:
        push(target, opener)
        address = open_pull_request(target, opener, title, text)
    return Delivered(
        repository=str(target.repository),
        branch=target.branch,
        folder=where or ".",
        commits=commits,
        verdict=proven(source.report, source.later),
        text=str(text),
        pull_request=address,
    )


def _write_text(folder: Path, body: str) -> Path:
    """Write the text beside the report, where git does not see it: it belongs to one delivery, not to the package."""
    exclude = folder / ".git" / "info" / "exclude"
    known = exclude.read_text(encoding="utf-8") if exclude.is_file() else ""
    if f"/{TEXT}" not in known.splitlines():
        exclude.parent.mkdir(exist_ok=True)
        exclude.write_text(f"{known.rstrip()}\n/{TEXT}\n".lstrip(), encoding="utf-8")
    Workspace(folder).write({TEXT: body})
    return folder / TEXT
