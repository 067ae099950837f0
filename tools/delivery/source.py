"""The generated repository that is delivered: whole, committed, and with a report."""

import posixpath
from dataclasses import dataclass
from pathlib import Path

from tools.delivery.git import GitError, asked, files_of, git
from tools.delivery.history import accepted, after_report, history
from tools.delivery.model import Accepted, Entry
from tools.delivery.text import TEXT
from tools.errors import UserError
from tools.report.model import Report
from tools.report.write import JSON, read_report


@dataclass(frozen=True)
class Source:
    """A generated repository.

    Attributes:
        folder: Of it.
        report: Of its run.
        steps: Accepted, in order.
        later: Number of commits made after the report.
    """

    folder: Path
    report: Report
    steps: tuple[Accepted, ...]
    later: int


def open_source(folder: Path) -> Source:
    """Read a generated repository as it is committed.

    Args:
        folder: Of it.

    Raises:
        UserError: If it is none, has no report, or holds what was not committed.
    """
    root = folder.expanduser().resolve()
    if not (root / ".git").is_dir() or not asked(root, "rev-parse", "--verify", "-q", "HEAD^{commit}"):
        raise UserError(f"{root} is no generated repository: name the output folder of a run that has ended")
    try:
        files = files_of(root, "HEAD")
        if JSON not in files:
            raise UserError(f"{root} has no {JSON}: its run has not ended, `ml-productionize resume` goes on with it")
        report = _report(root, files[JSON])
        _refuse_uncommitted(root, files)
        _refuse_links(root, files)
        commits = history(root)
    except GitError as error:
        raise UserError(f"{root} cannot be read by git ({error}): repair it, or run the notebook anew") from error
    return Source(folder=root, report=report, steps=accepted(commits), later=after_report(commits))


def _report(root: Path, entry: Entry) -> Report:
    try:
        return read_report(git(root, "cat-file", "blob", entry.id))
    except ValueError as error:
        raise UserError(f"{root / JSON} is damaged or was written by another version of this program") from error


def _refuse_uncommitted(root: Path, files: dict[str, Entry]) -> None:
    """Refuse what only the folder holds; git's own status is not asked, it would run filters."""
    there = [path for path, entry in files.items() if entry.mode != "120000" and (root / path).is_file()]
    plain = [path for path in there if "\n" not in path]
    ids = git(root, "hash-object", "--no-filters", "--stdin-paths", stdin=_lines(root, plain)).split()
    changed = {path for path, found in zip(plain, ids, strict=True) if files[path].id != found}
    changed |= {path for path in files if not (root / path).is_file() and not (root / path).is_symlink()}
    others = git(root, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
    changed |= {path for path in others if path and path != TEXT}
    if changed:
        some = ", ".join(sorted(changed)[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
        raise UserError(f"{root} holds changes that are not committed ({some}): commit them or take them back first")


def _lines(root: Path, paths: list[str]) -> bytes:
    return "".join(f"{root / path}\n" for path in paths).encode(errors="surrogateescape")


def _refuse_links(root: Path, files: dict[str, Entry]) -> None:
    """Refuse what would point out of the package where it is delivered."""
    for path, entry in files.items():
        if entry.mode == "160000":
            raise UserError(f"{path} in {root} is a repository of its own: put its files there as they are")
        if entry.mode == "120000":
            aim = git(root, "cat-file", "blob", entry.id)
            reached = posixpath.normpath(posixpath.join(posixpath.dirname(path), aim))
            if aim.startswith("/") or reached.split("/")[0] == "..":
                raise UserError(f"{path} in {root} is a link out of it ({aim}): put the file itself there")
