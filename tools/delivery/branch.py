"""Writes a branch into a repository: objects and one reference, nothing else."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.delivery.git import asked, copy_object, git
from tools.delivery.messages import message
from tools.delivery.model import Accepted, Entry, MadeCommit, Target
from tools.errors import ExitCode, UserError

_NOBODY = ("ML Experiment Accelerator", "accelerator@localhost")
_FIRST_DATE = 946684800  # 2000-01-01, of a branch that starts from nothing


def write_branch(
    target: Target,
    folder: str,
    source: Path,
    steps: Sequence[Accepted],
    replaced: Mapping[str, Entry],
    project: str,
) -> tuple[MadeCommit, ...]:
    """Make the branch, with one commit for each step that changes something.

    Dates are those of the base, a second apart, so that the same delivery gives the same commits.

    Args:
        target: The repository, and the branch to be made.
        folder: For the package in it; empty for the root.
        source: The generated repository.
        steps: Accepted, in order.
        replaced: Files of an earlier delivery in the folder: what the package lacks goes with the last step, what is
            the same in the end is not touched on the way.
        project: Name of it.

    Raises:
        UserError: If nothing would change, or the branch has come into being meanwhile.
    """
    repository = target.repository
    ids = {i: copy_object(source, i, repository) for i in sorted({e.id for s in steps for e in s.files.values()})}
    final = _copied(steps[-1], ids)
    settled = {path: entry for path, entry in replaced.items() if final.get(path) == entry}
    made: list[MadeCommit] = []
    with tempfile.TemporaryDirectory(prefix="delivery-") as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        git(repository, "read-tree", target.base or "--empty", variables=index)
        parent, tree = target.base, git(repository, "write-tree", "--missing-ok", variables=index).strip()
        date = int(asked(repository, "show", "-s", "--format=%ct", target.base)) if target.base else _FIRST_DATE
        present = dict(replaced)
        for number, step in enumerate(steps, 1):
            wanted = final if number == len(steps) else {**replaced, **_copied(step, ids), **settled}
            git(
                repository,
                *("update-index", "-z", "--index-info"),
                stdin=_changes(folder, present, wanted),
                variables=index,
            )
            present = wanted
            new = git(repository, "write-tree", "--missing-ok", variables=index).strip()
            if new == tree:
                continue
            text = message(step, project)
            parents = ("-p", parent) if parent else ()
            parent = git(
                repository,
                *("commit-tree", "--no-gpg-sign", new, *parents),
                stdin=text.encode(),
                variables=_identity(repository, date + number),
            ).strip()
            tree = new
            made.append(MadeCommit(id=parent, subject=text.partition("\n")[0]))
    if not made:
        raise UserError(f"{repository} holds this very result already: there is nothing to deliver")
    git(
        repository,
        *("update-ref", "--no-deref", "-m", "delivered by ml-productionize", f"refs/heads/{target.branch}", parent, ""),
    )
    return tuple(made)


def _copied(step: Accepted, ids: Mapping[str, str]) -> dict[str, Entry]:
    return {path: Entry(mode=entry.mode, id=ids[entry.id]) for path, entry in step.files.items()}


def _changes(folder: str, old: Mapping[str, Entry], new: Mapping[str, Entry]) -> bytes:
    """Return what `update-index --index-info` reads: removals first, so that a file can become a folder."""
    prefix = f"{folder}/" if folder else ""
    gone = [f"0 {'0' * len(old[path].id)}\t{prefix}{path}\0" for path in sorted(old.keys() - new.keys())]
    put = [f"{e.mode} {e.id}\t{prefix}{p}\0" for p, e in sorted(new.items()) if old.get(p) != e]
    return "".join((*gone, *put)).encode(errors="surrogateescape")


def _identity(repository: Path, date: int) -> dict[str, str]:
    """Return the identity of the user's git configuration; a fixed one where it has none."""
    found = {"GIT_AUTHOR_DATE": f"{date} +0000", "GIT_COMMITTER_DATE": f"{date} +0000"}
    for what, fallback in zip(("name", "email"), _NOBODY, strict=True):
        value = asked(repository, "config", "--get", f"user.{what}") or fallback
        found |= {f"GIT_{who}_{what.upper()}": value for who in ("AUTHOR", "COMMITTER")}
    if "\n" in "".join(found.values()):
        raise UserError(f"user.name or user.email of {repository} has a line end: mend it", ExitCode.BAD_INPUT)
    return found
