"""The history of a generated repository, and the accepted steps in it."""

from collections.abc import Sequence
from pathlib import Path

from tools.checks.model import STEPS
from tools.delivery.git import files_of, git
from tools.delivery.model import Accepted, Commit, Entry

REPORT = "report"
_UNDONE = ("rollback: ", "redo: ")
_NAMED = (*STEPS, REPORT)


def history(repository: Path) -> tuple[Commit, ...]:
    """Return the commits of a generated repository, oldest first."""
    text = git(repository, "log", "--reverse", "--first-parent", "--format=%H%x00%T%x00%s", "HEAD", "--")
    found = []
    for line in filter(None, text.split("\n")):
        identifier, tree, subject = line.split("\0")
        found.append(Commit(id=identifier, tree=tree, subject=subject, files=files_of(repository, identifier)))
    return tuple(found)


def after_report(commits: Sequence[Commit]) -> int:
    """Return the number of commits made after the last report: its verdict is not about them."""
    reports = [number for number, commit in enumerate(commits) if step_of(commit) == REPORT]
    return len(commits) - 1 - reports[-1] if reports else len(commits)


def step_of(commit: Commit) -> str:
    """Return the step that a commit belongs to; empty for a commit that was made by hand."""
    name = commit.subject.partition(": ")[0]
    return name if name in _NAMED else ""


def accepted(commits: Sequence[Commit]) -> tuple[Accepted, ...]:
    """Return one commit for each accepted step, in the order of the steps; what was made by hand comes after them.

    What was gone back from is left out. Attempts that were sent back are folded into the step's last one: the files
    that it touched in any attempt come with that, as it left them. The last one leaves the tree of the last commit.

    Args:
        commits: Oldest first.
    """
    kept = _not_undone(commits)
    touched: dict[str, set[str]] = {}
    last: dict[str, int] = {}
    before: dict[str, Entry] = {}
    for number, commit in enumerate(kept):
        group = step_of(commit) or commit.id
        paths = touched.setdefault(group, set())
        paths |= {path for path in before.keys() | commit.files if before.get(path) != commit.files.get(path)}
        last[group] = number
        before = commit.files
    found: list[Accepted] = []
    files: dict[str, Entry] = {}
    for group, number in sorted(last.items(), key=lambda item: (_place(item[0]), item[1])):
        commit = kept[number]
        files = {path: entry for path, entry in files.items() if path not in touched[group]}
        files |= {path: commit.files[path] for path in touched[group] if path in commit.files}
        step = step_of(commit)
        summary = commit.subject.partition(": ")[2] if step else commit.subject
        found.append(Accepted(step=step, summary=summary, commit=commit.id, files=dict(sorted(files.items()))))
    if found:
        found[-1] = found[-1].model_copy(update={"files": dict(sorted(kept[-1].files.items()))})
    return tuple(found)


def _place(group: str) -> int:
    return [*STEPS, group].index(group)


def _not_undone(commits: Sequence[Commit]) -> list[Commit]:
    """Return the commits without those that a later rollback took back, and without the rollbacks."""
    kept: list[Commit] = []
    for commit in commits:
        if not commit.subject.startswith(_UNDONE):
            kept.append(commit)
            continue
        same = [number for number, earlier in enumerate(kept) if earlier.tree == commit.tree]
        if same:
            del kept[same[-1] + 1 :]
        elif not commit.files:
            kept.clear()
        else:
            kept.append(commit)
    return kept
