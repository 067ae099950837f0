"""A notebook in an interpreter whose packages differ from the tool's: proven there, pinned to what is there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole_run
CASE = Path(__file__).parents[1] / "cases" / "small_classifier"
PACKAGES = ("pandas==2.3.3", "scikit-learn==1.7.2", "matplotlib")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "env"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    done = subprocess.run(
        [str(folder / "bin/python"), "-m", "pip", "install", "-q", *PACKAGES],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no second environment can be made here: {done.stderr.strip().splitlines()[-1][:200]}")
    return folder


def test_a_notebook_is_proven_in_its_own_environment(second: Path, tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "work")
    before = sorted(p.name for p in next(second.glob("lib/python*/site-packages")).iterdir())

    done = subprocess.run(
        [
            *(sys.executable, "-m", "graph.cli", "run", str(tmp_path / "work/experiment.ipynb")),
            *("--out", str(tmp_path / "out"), "--python", str(second), "--json"),
            *("--set", "checks.skip=[mutation, pipeline]"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "ML_PRODUCTIONIZE_HOME": str(tmp_path / "state")},
        check=False,
    )

    result = json.loads(done.stdout)
    assert result["equivalence"]["status"] == "proven", result
    assert result["equivalence"]["equal"] == result["equivalence"]["compared"] > 0
    assert result["metrics"]["notebook"] == result["metrics"]["package"] != {}
    assert (result["verdict"], done.returncode) == ("unproven", 5), result["reason"]  # the pipeline was left out
    pins = (tmp_path / "out/requirements.txt").read_text()
    assert "pandas==2.3.3" in pins
    assert "scikit-learn==1.7.2" in pins
    after = sorted(p.name for p in next(second.glob("lib/python*/site-packages")).iterdir())
    assert after == before, "something was installed into the user's environment"
