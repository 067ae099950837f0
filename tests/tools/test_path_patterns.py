from pathlib import Path

import pytest

from tools.path_patterns import files_below, matched_file, matches

PATTERNS = ["experiment.ipynb", "data/**", "*.csv", "private", "/etc/keys/*"]


@pytest.mark.parametrize(
    "path",
    [
        "experiment.ipynb",
        "./experiment.ipynb",
        "work/experiment.ipynb",
        "data/a.bin",
        "data/deep/a.bin",
        "A.CSV",
        "a.Csv",
        "ｄａｔａ/x",
        "dаta/x",  # a Cyrillic letter
        "a.c\u200bsv",
        "data\\x",
        "private/x/y",
        "/home/ann/work/a.csv",
        "/etc/keys/one",
    ],
)
def test_no_spelling_gets_around_a_pattern(path: str) -> None:
    assert matches(path, PATTERNS)


@pytest.mark.parametrize(
    "path",
    [
        "experiment2.ipynb",
        "src/database.py",
        "csv",
        "metadata/x",
        "src/data/loader.py",
        "a.csv.py",
        "privately/x",
        "/private/home/ann/x.py",
        "/etc/keys/one/two",
        "etc/keys/one",
    ],
)
def test_other_paths_do_not_match(path: str) -> None:
    assert not matches(path, PATTERNS)


def test_a_star_stays_within_one_name() -> None:
    assert not matches("credentials/deep", ["credentials*/x"])
    assert matches("/home/credentials-project/a.py", ["credentials*"]) == ""
    assert matches("src/a/b.py", ["src/**/b.py"])
    assert matches("src/data/x", ["**/data/**"])


@pytest.mark.parametrize("name", ["link", "folder/../link", "deep/link"])
def test_links_and_dots_are_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / ".env").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / ".env")
    (tmp_path / "deep" / "link").symlink_to("../link")

    assert matched_file(tmp_path / name, tmp_path, [".env*"]) == ".env*"
    assert matched_file(tmp_path / "other.py", tmp_path, [".env*"]) == ""


def test_files_are_found_wherever_they_lie_and_under_any_name(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "project"
    for place in (outside, folder / "deep", folder / "venv" / "lib", folder / "keys"):
        place.mkdir(parents=True)
    (outside / "server.key").write_text("x")
    (folder / "harmless.txt").symlink_to(outside / "server.key")
    (folder / "deep" / ".env.local").write_text("x")
    (folder / "keys" / "a.pem").write_text("x")
    (folder / "venv" / "pyvenv.cfg").write_text("")
    (folder / "venv" / "lib" / "cacert.pem").write_text("x")

    found = files_below(folder, [".env*", "*.key", "*.pem"])

    assert found == [outside / "server.key", folder / "deep" / ".env.local", folder / "keys" / "a.pem"]
