"""Calls git so that no hook, filter, pager or monitor of a repository runs."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.delivery.model import Entry
from tools.errors import ExitCode, UserError
from tools.secrets import redact

_SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.splitIndex=false",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "gc.auto=0",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
)
_PLACES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_EXTERNAL_DIFF",
)


class GitError(Exception):
    """A call of git ended with an error; holds what it said, secrets masked."""


def git(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
    network: bool = False,
    seconds: float = 300,
) -> str:
    """Return what a call of git writes.

    Args:
        repository: Its folder.
        arguments: Of git.
        stdin: What it reads.
        variables: Added to its environment.
        network: It may reach a remote; else every transport is refused.
        seconds: Wall time.

    Raises:
        GitError: If it ends with an error.
        UserError: If git is not installed or does not end.
    """
    try:
        done = subprocess.run(
            command(repository, *arguments),
            input=stdin,
            capture_output=True,
            env=environment(variables, network),
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise UserError("git is not installed: install it, results are delivered as its commits") from error
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"git {arguments[0]} in {repository} did not end within {seconds:.0f} s: try it by hand there",
            ExitCode.FAILED,
        ) from error
    if done.returncode:
        raise GitError(redact(done.stderr.decode(errors="replace").strip())[:500] or f"git {arguments[0]} failed")
    return done.stdout.decode(errors="surrogateescape")


def asked(repository: Path, *arguments: str) -> str:
    """Return the answer of a call of git without its line end; empty where it has none."""
    try:
        return git(repository, *arguments).rstrip("\n")
    except GitError:
        return ""


def files_of(repository: Path, commit: str) -> dict[str, Entry]:
    """Return the files of a commit by path."""
    found = {}
    for line in git(repository, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        if line:
            facts, path = line.split("\t", 1)
            mode, _, identifier = facts.split(" ")
            found[path] = Entry(mode=mode, id=identifier)
    return found


def copy_object(source: Path, identifier: str, target: Path) -> str:
    """Copy the bytes of a file from one repository to another, through no filter, and return its id there."""
    with subprocess.Popen(
        command(source, "cat-file", "blob", identifier),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as reader:
        done = subprocess.run(
            command(target, "hash-object", "-w", "--no-filters", "--stdin"),
            stdin=reader.stdout,
            capture_output=True,
            env=environment(),
            check=False,
        )
        if reader.stdout:
            reader.stdout.close()
    if reader.returncode:
        raise GitError(f"object {identifier} of {source} cannot be read")
    if done.returncode:
        raise GitError(redact(done.stderr.decode(errors="replace").strip())[:500])
    return done.stdout.decode().strip()


def command(repository: Path, *arguments: str) -> list[str]:
    """Return the command line of a call of git."""
    settings = [part for setting in _SAFE for part in ("-c", setting)]
    return ["git", *settings, "-C", str(repository), *arguments]


def environment(variables: Mapping[str, str] | None = None, network: bool = False) -> dict[str, str]:
    """Return the environment of a call of git: the user's own, without what points at another repository."""
    found = {name: value for name, value in os.environ.items() if name not in _PLACES and "GIT_TRACE" not in name}
    found |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    if not network:
        found["GIT_ALLOW_PROTOCOL"] = "none"
    return found | dict(variables or {})
