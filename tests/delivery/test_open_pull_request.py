"""A pull request is opened on a stand-in host; the remote is a bare repository."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from generated import existing, generated, git, report
from host import Host, served

from tools.delivery.deliver import check, deliver
from tools.delivery.model import Order
from tools.delivery.remote import find_remote
from tools.errors import ExitCode, UserError

TOKEN = "ghp_" + "a1B2" * 10


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return generated(tmp_path / "out").root


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(tmp_path / "bare.git"))
    return tmp_path / "bare.git"


@pytest.fixture
def target(tmp_path: Path, bare: Path) -> Path:
    """A clone whose remote has the address of a host, and is pushed to the bare repository."""
    team = existing(tmp_path / "team")
    git(team, "remote", "add", "origin", "https://ann:s3cr3t-w0rd@github.com/team/models.git")
    git(team, "remote", "set-url", "--push", "origin", str(bare))
    git(team, "push", "-q", "origin", "main")
    return team


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Host]:
    """The host, a token for it, and no `gh` on the path."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for directory in ("/usr/bin", "/bin", "/usr/local/bin"):
        if (Path(directory) / "git").exists():
            (tools / "git").symlink_to(Path(directory) / "git")
            break
    monkeypatch.setenv("PATH", str(tools))
    with served(Host()) as found:
        monkeypatch.setenv("GITHUB_API_URL", found.address)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield found


def order(target: Path, **more: object) -> Order:
    return Order.model_validate({"into": target, "branch": "ml/ants", "open_pr": True, **more})


def test_the_branch_is_pushed_and_the_text_is_the_body(source: Path, target: Path, bare: Path, host: Host) -> None:
    found = deliver(source, order(target))

    assert found.pull_request == "https://github.com/team/models/pull/7"
    assert git(bare, "rev-parse", "ml/ants") == git(target, "rev-parse", "ml/ants")
    ((path, headers, body),) = host.requests
    assert path == "/repos/team/models/pulls"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert body == {
        "title": "Productionize ants.ipynb: Ants",
        "head": "ml/ants",
        "base": "main",
        "body": Path(found.text).read_text(),
    }
    assert TOKEN not in found.model_dump_json()


def test_without_the_option_nothing_is_pushed(source: Path, target: Path, bare: Path, host: Host) -> None:
    deliver(source, order(target, open_pr=False))

    assert git(bare, "branch", "--format=%(refname:short)") == "main\n"
    assert host.requests == []


def test_what_is_not_verified_is_said_first(tmp_path: Path, target: Path, host: Host) -> None:
    source = generated(tmp_path / "failed", report("failed", "ruff fails")).root

    deliver(source, order(target, unverified=True))

    assert host.requests[0][2]["body"].startswith("> **Not verified.** This was delivered with `--deliver-unverified`")


def test_no_hook_of_the_users_runs_at_a_push(source: Path, target: Path, host: Host, tmp_path: Path) -> None:
    hook = target / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\nexit 1\n")
    hook.chmod(0o755)

    assert deliver(source, order(target)).pull_request
    assert not (tmp_path / "ran").exists()


def test_a_missing_token_is_a_sentence_before_anything_is_done(
    source: Path, target: Path, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")

    for work in (lambda: check(order(target)), lambda: deliver(source, order(target))):
        with pytest.raises(UserError, match="needs `gh`, or a token in GITHUB_TOKEN"):
            work()
    assert git(target, "branch", "--format=%(refname:short)") == "main\n"


@pytest.mark.parametrize(
    "status, answer, sentence",
    [
        (401, {"message": "Bad credentials"}, "HTTP 401: Bad credentials"),
        (422, {"message": "Validation Failed", "errors": [{"message": "base is invalid"}]}, "Failed; base is invalid"),
        (500, ["no", "object"], "HTTP 500"),
        (403, {"message": f"not with {TOKEN}"}, r"not with \[secret removed\]"),
        (403, {"message": None, "errors": ["text"]}, "HTTP 403"),
    ],
)
def test_a_refusal_keeps_the_branch_and_says_what_to_do(
    source: Path, target: Path, bare: Path, host: Host, status: int, answer: object, sentence: str
) -> None:
    host.status, host.answer = status, answer

    with pytest.raises(UserError, match=f"is pushed, but no pull request was opened .*{sentence}") as refused:
        deliver(source, order(target))

    assert refused.value.code == ExitCode.FAILED
    assert TOKEN not in str(refused.value)
    assert "PULL_REQUEST.md" in str(refused.value)
    assert git(bare, "rev-parse", "ml/ants") == git(target, "rev-parse", "ml/ants")


def test_a_redirect_does_not_carry_the_token_away(source: Path, target: Path, host: Host) -> None:
    with served(Host()) as elsewhere:
        for host.status in (302, 307):
            host.location = elsewhere.address
            with pytest.raises(UserError, match=f"HTTP {host.status}"):
                deliver(source, order(target, branch=f"ml/{host.status}"))

        assert elsewhere.requests == []


def test_a_branch_of_the_remote_is_never_overwritten(source: Path, target: Path, bare: Path, host: Host) -> None:
    git(target, "push", "-q", "origin", "main:refs/heads/ml/ants")
    before = git(bare, "rev-parse", "ml/ants")

    with pytest.raises(UserError, match="origin did not take it") as refused:
        deliver(source, order(target))

    assert git(bare, "rev-parse", "ml/ants") == before
    assert host.requests == []
    assert "s3cr3t-w0rd" not in str(refused.value)


def test_gh_is_called_where_it_is_installed(
    source: Path, target: Path, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh = tmp_path / "bin" / "gh"
    gh.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path / "called"}\necho https://github.com/team/models/pull/8\n'
    )
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("GITHUB_TOKEN")

    found = deliver(source, order(target))

    assert found.pull_request == "https://github.com/team/models/pull/8"
    called = (tmp_path / "called").read_text().splitlines()
    assert called[:8] == ["pr", "create", "--repo", "github.com/team/models", "--head", "ml/ants", "--base", "main"]
    assert called[8:] == ["--title", "Productionize ants.ipynb: Ants", "--body-file", found.text]
    assert host.requests == []


def test_a_refusal_of_gh_does_not_tell_the_token(source: Path, target: Path, host: Host, tmp_path: Path) -> None:
    gh = tmp_path / "bin" / "gh"
    gh.write_text('#!/bin/sh\necho "denied for $GITHUB_TOKEN" >&2\nexit 4\n')
    gh.chmod(0o755)

    with pytest.raises(UserError, match=r"gh: denied for \[secret removed\]"):
        deliver(source, order(target))


def test_a_pull_request_needs_a_branch_to_go_into(source: Path, target: Path, host: Host) -> None:
    git(target, "checkout", "-q", "--detach")

    with pytest.raises(UserError, match="name it with --base"):
        deliver(source, order(target))
    assert deliver(source, order(target, base="main")).pull_request


@pytest.mark.parametrize(
    "address, api",
    [
        ("https://github.com/team/models.git", "https://api.github.com"),
        ("git@github.com:team/models.git", "https://api.github.com"),
        ("ssh://git@git.example.org:2222/team/models", "https://git.example.org/api/v3"),
        ("https://user:word@git.example.org/team/models/", "https://git.example.org/api/v3"),
    ],
)
def test_the_remote_names_the_host(tmp_path: Path, address: str, api: str) -> None:
    team = existing(tmp_path / "team")
    git(team, "remote", "add", "upstream", address)

    found = find_remote(team)

    assert (found.owner, found.repository, found.api) == ("team", "models", api)
    assert "word" not in found.model_dump_json()


@pytest.mark.parametrize("address", ["/srv/models.git", "file:///srv/models.git", "https://github.com/models", "a b"])
def test_a_remote_that_is_no_host_is_a_sentence(tmp_path: Path, address: str) -> None:
    team = existing(tmp_path / "team")
    with pytest.raises(UserError, match="has no remote `origin`"):
        find_remote(team)
    git(team, "remote", "add", "origin", address)
    with pytest.raises(UserError, match="is not that of a repository on a host"):
        find_remote(team)


def test_a_token_goes_only_over_an_encrypted_line(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://git.example.org/api/v3")

    with pytest.raises(UserError, match="no https:// address"):
        find_remote(target)


def test_the_answer_is_an_address_or_nothing(source: Path, target: Path, host: Host) -> None:
    host.answer = json.loads("[]")

    assert deliver(source, order(target)).pull_request == ""
