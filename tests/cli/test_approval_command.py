"""Outside a terminal a run that waits for a person ends with a code of its own, and `resume` takes the answer."""

import json
from pathlib import Path

from command_line import command

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import Ridge
# %%
df = pd.DataFrame({"a": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.5]})
# %%
model = Ridge(alpha=0.5)
model.fit(df[["a"]], df["y"])
score = model.score(df[["a"]], df["y"])
# %%
df.describe()
"""


def test_the_command_line_outside_a_terminal(tmp_path: Path) -> None:
    notebook = tmp_path / "work" / "nb.py"
    notebook.parent.mkdir()
    notebook.write_text(NOTEBOOK)
    home = tmp_path / "home"

    ran = command(home, "run", notebook, "--no-execute", "--approve", "plan", "--thread", "one", "--out", "out")
    assert ran.code == 6, ran.stderr
    assert "ml-productionize resume one --accept | --edit FILE | --reject REASON" in ran.stdout

    again = command(home, "resume", "one", "--reject", "nicer", "--json")
    assert again.code == 6
    assert "rejected (nicer), and nothing was changed" in json.loads(again.stdout)["waiting"]["last_answer"]

    wrong = command(home, "resume", "one", "--accept", "--reject", "x")
    assert (wrong.code, wrong.sentences) == (
        2,
        ["ml-productionize: give one answer: --accept, --edit FILE or --reject REASON"],
    )
    assert command(home, "run", notebook, "--approve", "maybe").code == 2
    assert json.loads(command(home, "runs", "--json").stdout)["runs"][0]["status"] == "waiting"
