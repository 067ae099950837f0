"""Pushes a branch and opens its pull request: through `gh` where installed, else through the host's API."""

import http.client
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tools.delivery.git import GitError, environment, git
from tools.delivery.model import Target
from tools.delivery.remote import Remote, find_remote
from tools.errors import ExitCode, UserError
from tools.frozen import Frozen
from tools.secrets import redact, scrubbed

_TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")


class Opener(Frozen):
    """How a pull request will be opened: found before anything is delivered.

    Attributes:
        remote: That takes the branch.
        gh: Path of `gh`; empty where the host's API is called.
    """

    remote: Remote
    gh: str


def find_opener(target: Target) -> Opener:
    """Return how a pull request into a repository can be opened.

    Args:
        target: The repository.

    Raises:
        UserError: If there is no remote, no branch to merge into, or neither `gh` nor a token.
    """
    remote = find_remote(target.repository)
    if not target.base or not target.base_branch:
        raise UserError(
            f"a pull request needs a branch to go into, and the delivery starts from none in {target.repository}: "
            "name it with --base"
        )
    gh = shutil.which("gh") or ""
    if not gh and not _token():
        raise UserError(
            "--open-pr needs `gh`, or a token in GITHUB_TOKEN that may write pull requests: install the one or set the "
            "other, or leave it out and open the pull request by hand"
        )
    return Opener(remote=remote, gh=gh)


def push(target: Target, opener: Opener) -> None:
    """Push the new branch; one of that name on the remote is never overwritten.

    Raises:
        UserError: If the remote does not take it.
    """
    reference = f"refs/heads/{target.branch}"
    try:
        git(
            target.repository,
            *("push", "--quiet", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"),
            *(f"--force-with-lease={reference}:", opener.remote.name, f"{reference}:{reference}"),
            network=True,
        )
    except GitError as error:
        raise UserError(
            f"the branch {target.branch!r} is made in {target.repository}, but {opener.remote.name} did not take it "
            f"({_masked(str(error))}): push it by hand, then open the pull request",
            ExitCode.FAILED,
        ) from error


def open_pull_request(target: Target, opener: Opener, title: str, body: Path) -> str:
    """Open the pull request and return its address.

    Args:
        target: The repository, with its branch pushed.
        opener: How.
        title: One line.
        body: File with the text.

    Raises:
        UserError: If it is refused.
    """
    call: Callable[[Target, Opener, str, Path], str] = _through_gh if opener.gh else _through_api
    try:
        return call(target, opener, title, body)
    except (OSError, ValueError, http.client.HTTPException, subprocess.TimeoutExpired) as error:
        raise UserError(
            f"the branch {target.branch!r} is pushed, but no pull request was opened ({_masked(_reason(error))}): "
            f"open it by hand with the text of {body}",
            ExitCode.FAILED,
        ) from error


def _through_gh(target: Target, opener: Opener, title: str, body: Path) -> str:
    remote = opener.remote
    there = f"{remote.host}/{remote.owner}/{remote.repository}"
    done = subprocess.run(
        [
            *(opener.gh, "pr", "create", "--repo", there, "--head", target.branch, "--base", target.base_branch),
            *("--title", title, "--body-file", str(body)),
        ],
        cwd=target.repository,
        env=environment({"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1"}, network=True),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"gh: {' '.join(done.stderr.split())[:300]}")
    lines = done.stdout.split()
    return lines[-1] if lines else ""


def _through_api(target: Target, opener: Opener, title: str, body: Path) -> str:
    remote = opener.remote
    values = {
        "title": title,
        "head": target.branch,
        "base": target.base_branch,
        "body": body.read_text(encoding="utf-8"),
    }
    request = urllib.request.Request(
        f"{remote.api}/repos/{remote.owner}/{remote.repository}/pulls",
        data=json.dumps(values).encode(),
        headers={
            "Authorization": f"Bearer {_token()}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "User-Agent": "ml-productionize",
        },
        method="POST",
    )
    with urllib.request.build_opener(_NoRedirect()).open(request, timeout=60) as answer:
        found = json.loads(answer.read(1_000_000))
    address = found.get("html_url") if isinstance(found, dict) else None
    return address if isinstance(address, str) else ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another address."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow none."""


def _token() -> str:
    return next((value for name in _TOKENS if (value := os.environ.get(name, "").strip())), "")


def _reason(error: Exception) -> str:
    """Return what the host says of a refusal, in one line."""
    if not isinstance(error, urllib.error.HTTPError):
        return str(error)
    try:
        said: Any = json.loads(error.read(100_000))
    except (ValueError, OSError):
        said = {}
    said = said if isinstance(said, dict) else {}
    more = [d.get("message") for d in said.get("errors") or [] if isinstance(d, dict)]
    return f"HTTP {error.code}: " + "; ".join(str(text) for text in (said.get("message"), *more) if text)[:300]


def _masked(text: str) -> str:
    return redact(scrubbed(text, [os.environ.get(name, "").strip() for name in _TOKENS]))
