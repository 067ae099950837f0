"""A delivery writes objects and one reference: nothing of the user's moves, nothing of a repository runs."""

from pathlib import Path

import pytest
from generated import SRC, existing, generated, git, paths, report, subjects

from tools.delivery.deliver import deliver
from tools.delivery.model import Order
from tools.errors import ExitCode, UserError
from tools.report.model import Report

STEPS = [
    "docs(ants): plan the extraction from the notebook",
    "feat(ants): structure the notebook's code as modules",
    "refactor(ants): add types, docstrings, logging and guards",
    "test(ants): add tests from recorded values",
    "build(ants): add pipelines, requirements and make targets",
    "docs(ants): report what was proven",
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return generated(tmp_path / "out").root


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return existing(tmp_path / "team")


def state(folder: Path) -> dict[str, bytes]:
    """Everything of a repository but its objects, its logs and the new branch."""
    skipped = ("objects", "logs", "refs/heads/ml")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not str(path.relative_to(folder / ".git" if ".git" in path.parts else folder)).startswith(skipped)
    }


def test_one_conventional_commit_for_each_step_and_the_very_tree(source: Path, target: Path) -> None:
    found = deliver(source, Order(into=target, branch="ml/ants"))

    assert subjects(target, "ml/ants") == ["begin", *STEPS]
    assert [commit.subject for commit in found.commits] == STEPS
    assert git(target, "rev-parse", "ml/ants:ants") == git(source, "rev-parse", "HEAD^{tree}")
    assert git(target, "show", "ml/ants:README.md") == "ours\n"
    assert git(target, "show", f"ml/ants~3:ants/{SRC}") == "x: int = 1\n"
    assert (
        git(target, "log", "-1", "--format=%an %ae %cn", "ml/ants").split("\n")[0]
        == "Ann Author ann@example.org Ann Author"
    )
    assert git(target, "fsck", "--strict") == ""


def test_work_tree_and_index_stay_byte_for_byte(source: Path, target: Path) -> None:
    (target / "README.md").write_text("at work\n")
    (target / "staged.txt").write_text("staged\n")
    git(target, "add", "staged.txt")
    before = state(target)

    deliver(source, Order(into=target, branch="ml/ants"))

    assert state(target) == before
    assert git(target, "status", "--short") == " M README.md\nA  staged.txt\n"


def test_nothing_of_either_repository_runs(source: Path, target: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for repository in (source, target):
        for hook in ("reference-transaction", "pre-commit", "post-index-change", "post-checkout", "commit-msg"):
            path = repository / ".git" / "hooks" / hook
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\necho {hook} >> {ran}\n")
            path.chmod(0o755)
        for key in ("filter.shout.clean", "filter.shout.smudge", "core.fsmonitor", "core.pager"):
            git(repository, "config", key, f"sh -c 'echo {key} >> {ran}; cat'")
        (repository / ".git" / "info").mkdir(exist_ok=True)
        (repository / ".git" / "info" / "attributes").write_text("* filter=shout\n")

    deliver(source, Order(into=target, branch="ml/ants"))

    assert not ran.exists(), ran.read_text()
    assert git(target, "cat-file", "-p", f"ml/ants:ants/{SRC}") == "x: int = 1\n"


def test_variables_that_name_another_repository_are_not_followed(
    source: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))

    deliver(source, Order(into=target, branch="ml/ants"))

    monkeypatch.undo()
    assert not (tmp_path / "index").exists()
    assert (target / ".git/refs/heads/ml/ants").is_file()


def test_the_same_delivery_gives_the_same_commits(source: Path, target: Path) -> None:
    first = deliver(source, Order(into=target, branch="ml/ants"))
    second = deliver(source, Order(into=target, branch="ml/again"))

    assert first.commits == second.commits


def test_without_an_identity_there_is_a_fixed_one(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    deliver(source, Order(into=target, branch="ml/ants"))

    assert (
        git(target, "log", "-1", "--format=%an <%ae>", "ml/ants")
        == "ML Experiment Accelerator <accelerator@localhost>\n"
    )


def test_into_a_bare_repository_and_a_subfolder(source: Path, target: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(target), str(bare))

    found = deliver(source, Order(into=bare, branch="ml/ants", subfolder="models/ants/"))

    assert found.folder == "models/ants"
    assert "models/ants/Makefile" in paths(bare, "ml/ants")


def test_into_a_repository_without_commits(source: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    git(tmp_path, "init", "-q", "-b", "main", str(empty))

    found = deliver(source, Order(into=empty, branch="ml", subfolder="."))

    assert found.folder == "."
    assert subjects(empty, "ml") == STEPS
    assert git(empty, "rev-parse", "ml^{tree}") == git(source, "rev-parse", "HEAD^{tree}")
    with pytest.raises(UserError, match="stands on 'main'"):
        deliver(source, Order(into=empty, branch="main"))


def test_into_a_repository_whose_ids_are_of_another_kind(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256", str(other))

    deliver(source, Order(into=other, branch="ml"))

    assert git(other, "show", f"ml:ants/{SRC}") == "x: int = 1\n"
    assert git(other, "fsck", "--strict", "--no-dangling") in ("", "notice: HEAD points to an unborn branch (main)\n")


def test_from_another_base(source: Path, target: Path) -> None:
    git(target, "checkout", "-q", "-b", "work")
    git(target, "commit", "-q", "--allow-empty", "-m", "not to be merged")

    deliver(source, Order(into=target, branch="ml/ants", base="main"))

    assert subjects(target, "ml/ants") == ["begin", *STEPS]


def test_a_later_result_takes_the_place_of_an_earlier_one(source: Path, target: Path, tmp_path: Path) -> None:
    deliver(source, Order(into=target, branch="ml/first"))
    git(target, "merge", "-q", "--ff-only", "ml/first")
    later = generated(tmp_path / "later")
    later.remove(["configs/default.yaml"])
    later.commit("structure: 1 module (attempt 2)")
    later.write({"REPORT.md": "# Report, again\n"})
    later.commit("report: verified")

    found = deliver(later.root, Order(into=target, branch="ml/second"))

    assert git(target, "rev-parse", "ml/second:ants") == git(later.root, "rev-parse", "HEAD^{tree}")
    assert [commit.subject for commit in found.commits] == ["docs(ants): report what was proven"]
    with pytest.raises(UserError, match="holds this very result already"):
        deliver(source, Order(into=target, branch="ml/third"))


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"branch": "main"}, "has a branch 'main' already, and it is never overwritten"),
        ({"branch": "main/ants"}, "could not be made in .* nothing of it was changed"),
        ({"branch": "a b"}, "does not take this as the name of a branch"),
        ({"branch": "--force"}, "does not take this as the name of a branch"),
        ({"branch": "-"}, "does not take this as the name of a branch"),
        ({"base": "nowhere"}, "is no branch or commit of"),
        ({"base": "--all"}, "is no branch or commit of"),
        ({"subfolder": "../out"}, "does not lie in the repository"),
        ({"subfolder": "/etc"}, "does not lie in the repository"),
        ({"subfolder": "a/.GIT/b"}, "belongs to git"),
        ({"subfolder": "docs"}, "docs in .* holds other files, and they are never overwritten"),
        ({"subfolder": "README.md/ants"}, "README.md is a file in"),
        ({"subfolder": "."}, "has 1 of the files already .REPORT.md., and they are never overwritten"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(
    source: Path, tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    target = existing(tmp_path / "team", {"README.md": "ours\n", "docs/a.md": "a\n", "REPORT.md": "ours\n"})
    before = git(target, "for-each-ref")

    with pytest.raises(UserError, match=sentence):
        deliver(source, Order.model_validate({"into": target, "branch": "ml/ants", **change}))

    assert git(target, "for-each-ref") == before


def test_what_is_no_repository_is_a_sentence(source: Path, target: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (target / "inner").mkdir()
    for into, sentence in (
        (tmp_path / "nowhere", "is no folder"),
        (tmp_path / "plain", "is not a git repository"),
        (target / "inner", "lies inside the repository"),
    ):
        with pytest.raises(UserError, match=sentence):
            deliver(source, Order(into=into, branch="ml/ants"))
    with pytest.raises(UserError, match="is no generated repository"):
        deliver(tmp_path / "plain", Order(into=target, branch="ml/ants"))
    with pytest.raises(UserError, match=r"has no report\.json: its run has not ended"):
        deliver(target, Order(into=target, branch="ml/ants"))


def test_only_what_is_committed_is_delivered(source: Path, target: Path) -> None:
    for path in (SRC, "src/new.py"):
        kept = (source / path).read_text() if (source / path).exists() else None
        (source / path).write_text("y = 2\n")
        with pytest.raises(UserError, match=f"changes that are not committed .{path}."):
            deliver(source, Order(into=target, branch="ml/ants"))
        (source / path).unlink() if kept is None else (source / path).write_text(kept)


def test_a_link_that_leads_out_is_not_delivered(source: Path, target: Path) -> None:
    (source / "data").symlink_to("../../elsewhere")
    git(source, "add", "data")
    git(source, "commit", "-q", "-m", "data")

    with pytest.raises(UserError, match=r"data in .* is a link out of it"):
        deliver(source, Order(into=target, branch="ml/ants", unverified=True))


@pytest.mark.parametrize(
    "told, code",
    [(report("unproven", "its data is missing"), ExitCode.UNPROVEN), (report("failed", "ruff fails"), ExitCode.FAILED)],
)
def test_less_than_verified_needs_the_word_and_the_text_says_so(
    told: Report, code: ExitCode, target: Path, tmp_path: Path
) -> None:
    source = generated(tmp_path / "out", told).root
    with pytest.raises(
        UserError, match=f"is not delivered: its verdict is `{told.verdict}`.*--deliver-unverified"
    ) as refused:
        deliver(source, Order(into=target, branch="ml/ants"))
    assert refused.value.code == code

    found = deliver(source, Order(into=target, branch="ml/ants", unverified=True))

    text = Path(found.text).read_text()
    assert found.verdict == told.verdict
    assert text.startswith(
        f"> **Not verified.** This was delivered with `--deliver-unverified`: its verdict is `{told.verdict}`"
    )
    assert told.reason in text
    assert ("> - ruff: `y` is not defined" in text) == (told.verdict == "failed")


def test_a_verdict_is_not_about_what_came_after_it(source: Path, target: Path) -> None:
    (source / SRC).write_text("x: int = 2\n")
    git(source, "commit", "-q", "-a", "-m", "fix: a number")
    with pytest.raises(UserError, match="1 commit came after its report"):
        deliver(source, Order(into=target, branch="ml/ants"))

    found = deliver(source, Order(into=target, branch="ml/ants", unverified=True))

    assert found.verdict == "unproven"
    assert subjects(target, "ml/ants")[-1] == "fix: a number"


def test_the_text_lies_beside_the_report_and_is_no_part_of_the_package(source: Path, target: Path) -> None:
    found = deliver(source, Order(into=target, branch="ml/ants"))

    text = Path(found.text).read_text()
    assert Path(found.text) == source / "PULL_REQUEST.md"
    assert "**Verdict: verified.**" in text
    assert "| accuracy | 0.9 | equal |" in text
    assert "The package lies in `ants/`: run `make` there." in text
    assert "Not verified" not in text
    assert git(source, "status", "--porcelain") == ""
    assert "ants/PULL_REQUEST.md" not in paths(target, "ml/ants")
