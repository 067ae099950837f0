"""The remote of a repository: where a branch is pushed and a pull request is opened."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tools.delivery.git import asked
from tools.errors import UserError
from tools.frozen import Frozen

_SCP = re.compile(r"^(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?P<path>[^/].*)$")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Remote(Frozen):
    """A remote, and the repository of the host that it stands for.

    Attributes:
        name: Of the remote.
        host: That holds it.
        owner: Of the repository there.
        repository: Its name there.
        api: Address of the host's API.
    """

    name: str
    host: str
    owner: str
    repository: str
    api: str


def find_remote(repository: Path) -> Remote:
    """Return the remote of a repository: `origin`, or the only one.

    Raises:
        UserError: If there is none, or its address does not name a repository of a host.
    """
    names = asked(repository, "remote").split()
    name = "origin" if "origin" in names else names[0] if len(names) == 1 else ""
    if not name:
        raise UserError(f"{repository} has no remote `origin`: `git remote add origin ADDRESS`, or leave out --open-pr")
    host, path = _parts(asked(repository, "config", "--get", f"remote.{name}.url"))
    owner, _, found = path.strip("/").removesuffix(".git").rpartition("/")
    if not host or not owner or not found or re.search(r"[^\w./~-]|\.\.", f"{owner}/{found}"):
        raise UserError(
            f"the address of remote {name!r} of {repository} is not that of a repository on a host "
            "(such as https://github.com/OWNER/NAME): leave out --open-pr, and open the pull request by hand"
        )
    return Remote(name=name, host=host, owner=owner, repository=found, api=_api(host))


def _parts(address: str) -> tuple[str, str]:
    """Return host and path of an address; user and password are left behind."""
    if "://" in address:
        split = urlsplit(address)
        return (split.hostname or "", split.path) if split.scheme in ("https", "http", "ssh", "git") else ("", "")
    match = _SCP.match(address)
    return (match["host"], match["path"]) if match else ("", "")


def _api(host: str) -> str:
    """Return the address of the API: as GITHUB_API_URL says, else that of the host.

    Raises:
        UserError: If a token would be sent there unencrypted.
    """
    default = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
    found = os.environ.get("GITHUB_API_URL", "").strip().rstrip("/") or default
    split = urlsplit(found)
    if not (split.scheme == "https" or (split.scheme == "http" and split.hostname in _LOOPBACK)):
        raise UserError("GITHUB_API_URL is no https:// address: a token is sent there, and only encrypted")
    return found
