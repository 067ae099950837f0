"""What is sensitive is not copied with the notebook's folder, by whatever name."""

from pathlib import Path

from tools.notebook.read import read_notebook
from tools.trace.layout import lay_out


def test_sensitive_files_and_links_to_them_are_left_out(tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "vault").mkdir(parents=True)
    (work / "nb.py").write_text("# %%\nx = 1\n")
    (work / "data.csv").write_text("data")
    secret = work / "vault" / "server.key"
    secret.write_text("precious")
    (work / "soft.txt").symlink_to(secret)
    (work / "hard.txt").hardlink_to(secret)
    (work / "way").symlink_to(work / "vault")

    layout = lay_out(read_notebook(work / "nb.py"), tmp_path / "scratch", [str(secret)])
    whole = lay_out(read_notebook(work / "nb.py"), tmp_path / "other", [str(work / "vault")])

    found = {path.relative_to(layout.cwd).as_posix() for path in layout.cwd.rglob("*") if path.is_file()}
    assert found == {"nb.py", "data.csv"}
    assert {path.name for path in whole.cwd.iterdir()} == {"nb.py", "data.csv", "hard.txt"}
