"""The user's files: sealed, compared and brought back; the sensitive ones hidden from every run."""

from pathlib import Path

import pytest

from graph.guarding import weak_sandbox
from guardrails.sensitive_files import hidden_from_runs, refuse_sensitive
from guardrails.untouched import hold, sealed
from tools.errors import ExitCode, UserError
from tools.team.model import DEFAULT_SENSITIVE


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "data.csv").write_text("precious")
    return folder


def change(path: Path) -> None:
    path.write_text("something")


def delete(path: Path) -> None:
    path.unlink()


def swap(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize(("harm", "said"), [(change, "was changed"), (delete, "was deleted"), (swap, "was changed")])
def test_a_harmed_file_is_brought_back_and_the_run_ends(tmp_path: Path, work: Path, harm: object, said: str) -> None:
    path = work / "data.csv"
    seal = sealed([path], tmp_path / "store")
    hold(seal, tmp_path / "store")

    harm(path)  # type: ignore[operator]
    with pytest.raises(UserError, match=f"{said} during the run.*the original was brought back") as error:
        hold(seal, tmp_path / "store")

    assert error.value.code is ExitCode.GUARDRAIL
    assert path.read_text() == "precious"
    assert not path.is_symlink()


def test_what_stood_in_its_place_is_kept(tmp_path: Path, work: Path) -> None:
    path = work / "data.csv"
    seal = sealed([path], tmp_path / "store")

    path.write_text("an edit of the user's own")
    with pytest.raises(UserError, match=r"what stood there is .*data\.csv\.changed"):
        hold(seal, tmp_path / "store")

    assert (tmp_path / "store" / "data.csv.changed").read_text() == "an edit of the user's own"


def test_touching_a_file_is_no_change(tmp_path: Path, work: Path) -> None:
    seal = sealed([work / "data.csv"], tmp_path / "store")

    (work / "data.csv").touch()

    hold(seal, tmp_path / "store")


def test_a_large_file_is_compared_but_not_copied(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrails.untouched.COPIED_BYTES", 3)
    seal = sealed([work / "data.csv"], tmp_path / "store")

    (work / "data.csv").write_text("other")
    with pytest.raises(UserError, match="no copy was kept"):
        hold(seal, tmp_path / "store")


def test_a_whole_repository_is_searched_for_sensitive_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    notebooks = tmp_path / "repository" / "notebooks"
    notebooks.mkdir(parents=True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "credentials.json").write_text("x")
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / ".env.production").write_text("x")
    (tmp_path / "repository" / "data.csv").write_text("x")

    found = hidden_from_runs(notebooks, DEFAULT_SENSITIVE)

    assert found == (
        str(tmp_path / "home" / "credentials.json"),
        str(tmp_path / "repository" / ".env.production"),
    )


def test_a_sensitive_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.ipynb").symlink_to(tmp_path / ".env")

    with pytest.raises(UserError, match="is sensitive") as error:
        refuse_sensitive(tmp_path / "notes.ipynb", DEFAULT_SENSITIVE)

    assert error.value.code is ExitCode.GUARDRAIL


def test_a_weaker_sandbox_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.guarding.best_layer", lambda: "limits")
    assert "install bubblewrap" in weak_sandbox()

    monkeypatch.setattr("graph.guarding.best_layer", lambda: "namespaces")
    assert weak_sandbox() == ""
