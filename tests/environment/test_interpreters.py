import subprocess
import sys
from pathlib import Path

import pytest

from tools.environment import Interpreter, find_interpreter, normalised, package_environment
from tools.errors import UserError
from tools.notebook.model import Notebook


def test_the_tools_own_python_is_the_default() -> None:
    found = find_interpreter(None, None)

    assert found.path == sys.executable
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert "pandas" in found.packages
    assert found.origin == "the tool's own"


def test_a_virtual_environment_can_be_named_by_its_folder(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)

    found = find_interpreter(str(tmp_path / "env"), None)

    assert found.path == str(tmp_path / "env/bin/python")
    assert "pandas" not in found.packages


def test_a_kernel_that_is_not_installed_is_passed_over() -> None:
    assert find_interpreter(None, Notebook(path="x", sha256="", kernel="no-such-kernel")).path == sys.executable


def test_a_kernel_of_the_notebook_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    spec = tmp_path / "jupyter/kernels/mine/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(f'{{"argv": ["{tmp_path}/env/bin/python", "-m", "ipykernel_launcher"]}}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))

    found = find_interpreter(None, Notebook(path="x", sha256="", kernel="mine"))

    assert found.path == str(tmp_path / "env/bin/python")
    assert found.origin == "the notebook's kernel mine"


@pytest.mark.parametrize("name", ["nowhere", "/etc/hostname"])
def test_what_is_no_python_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="name another one with --python"):
        find_interpreter(name, None)


def test_an_environment_that_has_everything_needs_no_layer() -> None:
    own = find_interpreter(None, None)

    assert package_environment(own).interpreter == own


def test_what_cannot_be_added_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.environment._install", lambda *_: ["false"])
    bare = Interpreter(path=sys.executable, version="3.11.0", packages={"pandas": "2"})

    found = package_environment(bare, tmp_path)

    assert found.interpreter == bare
    assert "could not be installed" in found.missing["mlflow"]


def test_the_layer_adds_what_is_missing_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installer is replaced by one that lays two distributions down: one missing, one that is there already."""
    env = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(env)], check=True)
    site = next(env.glob("lib/python*/site-packages"))
    laid = (
        "import pathlib, sys\nfor name in ('have', 'need'):\n p = pathlib.Path(sys.argv[1]); p.mkdir(exist_ok=True)\n"
    )
    laid += " (p / f'{name}.py').write_text('origin = \"layer\"')\n d = p / f'{name}-2.0.dist-info'; d.mkdir()\n"
    laid += " (d / 'METADATA').write_text(f'Name: {name}\\nVersion: 2.0\\n')\n"
    laid += " (d / 'RECORD').write_text(f'{name}.py,,\\n')\n"
    (site / "have.py").write_text("origin = 'notebook'")
    (site / "have-1.0.dist-info").mkdir()
    (site / "have-1.0.dist-info/METADATA").write_text("Name: have\nVersion: 1.0\n")
    monkeypatch.setattr("tools.environment.NEEDS", ("have", "need"))
    monkeypatch.setattr("tools.environment._install", lambda i, target, *_: [sys.executable, "-c", laid, str(target)])
    before = sorted(p.name for p in site.rglob("*"))

    found = package_environment(find_interpreter(str(env), None), tmp_path / "cache")

    code = "import have, need; print(have.origin, need.origin)"
    done = subprocess.run([found.interpreter.path, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "notebook layer\n"
    assert (found.interpreter.packages["have"], found.interpreter.packages["need"]) == ("1.0", "2.0")
    assert sorted(p.name for p in site.rglob("*") if "__pycache__" not in str(p)) == before


@pytest.mark.parametrize(("name", "normal"), [("Foo.Bar_baz", "foo-bar-baz"), ("types-PyYAML", "types-pyyaml")])
def test_names_are_normalised(name: str, normal: str) -> None:
    assert normalised(name) == normal


def test_what_is_installed_later_is_seen(tmp_path: Path) -> None:
    """A Python is asked once, and again when one of its folders has changed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    assert "later" not in find_interpreter(str(tmp_path / "env"), None).packages

    info = next((tmp_path / "env").glob("lib/python*/site-packages")) / "later-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: later\nVersion: 1.0\n")

    assert find_interpreter(str(tmp_path / "env"), None).packages["later"] == "1.0"


def test_a_python_that_has_not_changed_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find_interpreter(None, None)
    monkeypatch.setattr("tools.environment.subprocess.run", lambda *_, **__: pytest.fail("it was asked again"))

    assert find_interpreter(None, None) == first
