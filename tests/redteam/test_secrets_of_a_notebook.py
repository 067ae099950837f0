"""A key in the notebook's code and output is in nothing that a run writes, and the package still computes the same."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command, notebook

KEY = "sk-" + "q8Zr4TnX0pLw7Vb2Kd9Ms3Yj"
DATA = "a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(40))


@pytest.mark.whole_run
def test_a_key_that_the_package_needs_is_read_from_the_environment(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    (work / "data.csv").write_text(DATA)
    path = notebook(
        work / "keyed.ipynb",
        [
            "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
            f"API_KEY = '{KEY}'\nprint('key is', API_KEY)",
            "df = pd.read_csv('data.csv')\ndf['length'] = len(API_KEY)",
            "model = LogisticRegression().fit(df[['a', 'length']], df['y'])",
            "accuracy = model.score(df[['a', 'length']], df['y'])\nprint(accuracy)",
        ],
    )

    done = command(
        home, "run", path, "--out", home / "out", "--json", "--set", "checks.skip=[mutation, pipeline]", seconds=500
    )

    result = json.loads(done.stdout)
    assert result["equivalence"]["status"] == "proven", result["reason"]
    assert KEY not in done.stdout + done.stderr
    written = [p for p in home.rglob("*") if p.is_file() and p.parent.name != "originals"]
    assert [str(p) for p in written if KEY.encode() in p.read_bytes()] == []
    assert 'environment_value("API_KEY")' in (home / "out/src/data/loader.py").read_text()
    assert "export API_KEY=..." in (home / "out/README.md").read_text()
