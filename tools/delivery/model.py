"""What is delivered, where to, and what became of it."""

from pathlib import Path

from tools.frozen import Frozen


class Order(Frozen):
    """What the user asks for.

    Attributes:
        into: The existing repository.
        branch: New branch in it.
        base: Branch or commit that it starts from; empty for where the repository stands.
        subfolder: Folder in it; empty for one named after the project, `.` for its root.
        open_pr: Push the branch and open a pull request.
        unverified: Deliver although the verdict is not `verified`.
    """

    into: Path
    branch: str
    base: str = ""
    subfolder: str = ""
    open_pr: bool = False
    unverified: bool = False


class Entry(Frozen):
    """One file of a commit: git's mode and object id."""

    mode: str
    id: str


class Commit(Frozen):
    """One commit of a generated repository."""

    id: str
    tree: str
    subject: str
    files: dict[str, Entry]


class Accepted(Frozen):
    """An accepted step: its latest commit, and the files of the package as the step leaves them."""

    step: str
    summary: str
    commit: str
    files: dict[str, Entry]


class Target(Frozen):
    """A repository that was found fit to take a delivery.

    Attributes:
        repository: Its folder.
        branch: To be made.
        base: Commit that the branch starts from; empty in a repository without commits.
        base_branch: Name of the branch that it was read from; empty where there is none.
    """

    repository: Path
    branch: str
    base: str
    base_branch: str


class MadeCommit(Frozen):
    """One commit of the new branch."""

    id: str
    subject: str


class Delivered(Frozen):
    """What became of it.

    Attributes:
        repository: That it was delivered into.
        branch: The new branch.
        folder: Where the package lies in it; `.` for the root.
        commits: Of the branch, oldest first.
        verdict: `verified`, or how much less is proven of what was delivered.
        text: File with the text of the pull request.
        pull_request: Its address; empty where none was opened.
    """

    repository: str
    branch: str
    folder: str
    commits: tuple[MadeCommit, ...]
    verdict: str
    text: str
    pull_request: str = ""
