from pathlib import Path

import pytest

from tools.errors import UserError
from tools.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "out")
    made.create()
    return made


def test_files_are_written_and_committed(workspace: Workspace) -> None:
    workspace.write({"src/a.py": "x = 1\n", "README.md": "# A\n"})
    first = workspace.commit("structure: two files")
    workspace.write({"src/a.py": "x = 2\n"})
    second = workspace.commit("harden: one file")

    assert workspace.files() == ["README.md", "src/a.py"]
    assert [message for _, message in workspace.log()] == ["structure: two files", "harden: one file"]
    assert first != second == workspace.head()


def test_nothing_changed_makes_no_commit(workspace: Workspace) -> None:
    workspace.write({"a.txt": "1"})
    first = workspace.commit("one")
    workspace.write({"a.txt": "1"})

    assert workspace.commit("two") == first


def test_the_same_work_gives_the_same_commits(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        made = Workspace(tmp_path / name)
        made.create()
        made.write({"a.py": "x = 1\n"})
        heads.append(made.commit("extract: a"))

    assert heads[0] == heads[1]


def test_an_earlier_tree_comes_back(workspace: Workspace) -> None:
    workspace.write({"a.txt": "1"})
    first = workspace.commit("one")
    workspace.write({"a.txt": "2", "b.txt": "3"})
    workspace.commit("two")

    workspace.restore(first)

    assert workspace.texts() == {"a.txt": "1"}


@pytest.mark.parametrize(
    "path", ["../a", "/etc/passwd", "src/../../a", ".git/config", ".GIT/hooks/x", "", "a\\b", "link/x", "file-link"]
)
def test_no_path_leads_out_of_the_repository(workspace: Workspace, tmp_path: Path, path: str) -> None:
    (workspace.root / "link").symlink_to(tmp_path)
    (workspace.root / "file-link").symlink_to(tmp_path / "x")

    with pytest.raises(UserError, match="was not written"):
        workspace.write({"fine.txt": "1", path: "2"})

    assert not (workspace.root / "fine.txt").exists()
    assert not (tmp_path / "x").exists()


def test_a_guard_refuses_before_anything_is_written(tmp_path: Path) -> None:
    def guard(path: str, text: str) -> None:
        if "secret" in text:
            raise UserError(f"{path} holds a secret")

    made = Workspace(tmp_path / "out", guards=[guard])
    made.create()

    with pytest.raises(UserError, match=r"b\.txt holds a secret"):
        made.write({"a.txt": "fine", "b.txt": "secret"})

    assert made.files() == []


def test_an_output_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")

    with pytest.raises(UserError, match="is not empty"):
        Workspace(tmp_path).create()

    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_a_run_that_ended_before_its_first_commit_leaves_the_folder_free(tmp_path: Path) -> None:
    Workspace(tmp_path / "out").create()

    again = Workspace(tmp_path / "out")
    again.create()
    again.write({"a.txt": "1"})
    again.commit("extract: a")

    with pytest.raises(UserError, match="is not empty"):
        Workspace(tmp_path / "out").create()


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(UserError, match="is a file"):
        Workspace(tmp_path / "file").create()


def test_data_is_copied_and_kept_out_of_the_texts(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "d.csv"
    source.write_text("a\n1\n")

    workspace.copy_in({"data/d.csv": str(source)})

    assert workspace.files() == ["data/d.csv"]
    assert workspace.texts() == {}
    workspace.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy/data/d.csv").read_text() == "a\n1\n"


@pytest.mark.parametrize(
    "path", ["src/.git/hooks/pre-commit", ".GIT./config", ".g\u200bit/config", "git~1/x", ".gitmodules"]
)
def test_no_part_of_a_path_belongs_to_git(workspace: Workspace, path: str) -> None:
    with pytest.raises(UserError, match="belongs to git"):
        workspace.write({path: "x"})


def test_a_file_that_a_hard_link_shares_is_not_written_into(workspace: Workspace, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("precious")
    (workspace.root / "a.txt").hardlink_to(mine)

    workspace.write({"a.txt": "new"})

    assert mine.read_text() == "precious"
    assert workspace.texts() == {"a.txt": "new"}


def test_sensitive_files_are_neither_copied_in_nor_shown(tmp_path: Path) -> None:
    made = Workspace(tmp_path / "out", sensitive=[".env*", "*.key"])
    made.create()
    made.write({".env": "x", "a.txt": "y"})
    (tmp_path / "server.key").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "server.key")

    assert made.texts() == {"a.txt": "y"}
    for name in ("server.key", "link.csv"):
        with pytest.raises(UserError, match="is sensitive"):
            made.copy_in({"data/x.csv": str(tmp_path / name)})
    assert made.files() == [".env", "a.txt"]


def test_a_guard_is_asked_before_a_file_is_removed(tmp_path: Path) -> None:
    def guard(path: str, text: str) -> None:
        if path == "keep.txt":
            raise UserError("keep.txt stays")

    made = Workspace(tmp_path / "out", guards=[guard])
    made.create()
    (made.root / "keep.txt").write_text("x")

    with pytest.raises(UserError, match="stays"):
        made.remove(["./keep.txt"])

    assert made.files() == ["keep.txt"]
