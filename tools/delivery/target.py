"""The repository that takes a delivery: found fit before anything is written."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tools.delivery.git import GitError, asked, files_of, git
from tools.delivery.model import Entry, Order, Target
from tools.errors import UserError
from tools.path_patterns import folded
from tools.report.write import JSON, read_report


def open_target(order: Order) -> Target:
    """Return the repository that an order names, with the commit that its branch starts from.

    Args:
        order: What is asked for.

    Raises:
        UserError: If it is no repository, the branch exists or cannot be named so, or the base is unknown.
    """
    root = order.into.expanduser().resolve()
    _refuse_other_than_root(root)
    branch = order.branch
    if branch.startswith("-") or not asked(root, "check-ref-format", "--branch", branch):
        raise UserError(f"--branch {branch!r}: git does not take this as the name of a branch, choose another")
    if asked(root, "rev-parse", "--verify", "-q", f"refs/heads/{branch}"):
        raise UserError(f"{root} has a branch {branch!r} already, and it is never overwritten: choose another --branch")
    stands_on = asked(root, "symbolic-ref", "--short", "-q", "HEAD")
    if branch == stands_on:
        raise UserError(f"{root} stands on {branch!r}, and its folder is left alone: choose another --branch")
    wanted = order.base or "HEAD"
    base = asked(root, "rev-parse", "--verify", "-q", "--end-of-options", f"{wanted}^{{commit}}")
    if order.base and not base:
        raise UserError(f"--base {order.base!r} is no branch or commit of {root}: name one that is there")
    name = order.base if asked(root, "rev-parse", "--verify", "-q", f"refs/heads/{order.base}") else ""
    return Target(repository=root, branch=branch, base=base, base_branch=name if order.base else stands_on)


def _refuse_other_than_root(root: Path) -> None:
    if not root.is_dir():
        raise UserError(f"{root} is no folder: name an existing repository with --into")
    try:
        bare = git(root, "rev-parse", "--is-bare-repository").strip() == "true"
        top = Path(git(root, "rev-parse", "--absolute-git-dir" if bare else "--show-toplevel").rstrip("\n"))
    except GitError as error:
        raise UserError(f"{root} is not a git repository ({error}): name one with --into, or `git init` it") from error
    if top.resolve() != root:
        raise UserError(f"{root} lies inside the repository {top}: name that with --into")


def folder_in(order: Order, project: str) -> str:
    """Return the folder for the package, relative to the root of the repository; empty for the root itself.

    Raises:
        UserError: If it would lie outside or in what belongs to git.
    """
    wanted = order.subfolder or project
    parts = [part for part in PurePosixPath(wanted).parts if part != "."]
    if wanted.startswith("/") or "\\" in wanted or ".." in parts or not wanted.isprintable():
        raise UserError(f"--subfolder {wanted!r} does not lie in the repository: name a path below its root")
    if any(folded(part).rstrip(". ") in (".git", "git~1") for part in parts):
        raise UserError(f"--subfolder {wanted!r} belongs to git: choose another folder")
    return "/".join(parts)


def replaced_files(target: Target, folder: str, files: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the files of an earlier delivery that this one takes the place of, relative to the folder.

    Args:
        target: The repository.
        folder: For the package in it; empty for the root.
        files: Of the package.

    Raises:
        UserError: If other files are in the way.
    """
    existing = files_of(target.repository, target.base) if target.base else {}
    place = PurePosixPath(folder)
    above = [str(path) for path in (place, *place.parents) if str(path) in existing]
    if above:
        raise UserError(f"{above[0]} is a file in {target.repository}: choose another folder with --subfolder")
    if not folder:
        inside = {path for path in existing if path in files or any(_below(path, p) or _below(p, path) for p in files)}
        if inside:
            names = ", ".join(sorted(inside)[:3])
            raise UserError(
                f"{target.repository} has {len(inside)} of the files already ({names}), and they are never "
                "overwritten: choose a folder with --subfolder"
            )
        return {}
    found = {path.removeprefix(f"{folder}/"): e for path, e in existing.items() if path.startswith(f"{folder}/")}
    if found and not _is_delivery(target.repository, found):
        raise UserError(
            f"{folder} in {target.repository} holds other files, and they are never overwritten: "
            "choose another folder with --subfolder"
        )
    return found


def _below(path: str, other: str) -> bool:
    return path.startswith(f"{other}/")


def _is_delivery(repository: Path, files: Mapping[str, Entry]) -> bool:
    """Tell whether files are those of an earlier delivery, which a later one may take the place of."""
    if JSON not in files:
        return False
    try:
        read_report(git(repository, "cat-file", "blob", files[JSON].id))
    except (ValueError, GitError):
        return False
    return True
