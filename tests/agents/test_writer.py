"""The writer: modules that parse, settings, data to copy, and what an earlier attempt left is removed."""

import ast
import sys
from pathlib import Path

import pytest

from agents.extractor import extract
from agents.model import StepInput
from agents.writer import OWNED, write
from tools.environment import Interpreter
from tools.errors import UserError
from tools.sandbox import Limits

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
# %%
df = pd.read_csv("rows.csv")
# %%
model = LogisticRegression(C=0.5)
model.fit(df[["a"]], df["y"])
accuracy = accuracy_score(df["y"], model.predict(df[["a"]]))
"""


@pytest.fixture
def step(tmp_path: Path) -> StepInput:
    """The input of the step, with facts and plan of a notebook that has not been run."""
    (tmp_path / "rows.csv").write_text("a,y\n1,0\n2,1\n")
    path = tmp_path / "experiment.py"
    path.write_text(NOTEBOOK, encoding="utf-8")
    interpreter = Interpreter(path=sys.executable, version="3.11.0")
    first = StepInput(step="extract", notebook=path, interpreter=interpreter, limits=Limits(), execute=False)
    found = extract(first)
    return first.model_copy(update={"step": "structure", "facts": found.facts, "plan": found.plan})


def test_every_module_of_the_layout_is_written_and_parses(step):
    files = write(step).files
    wanted = {"src/data/loader.py", "src/models/model.py", "src/training/train.py", "src/evaluation/evaluate.py"}
    assert wanted | {"src/config.py", "configs/default.yaml"} <= set(files)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)


def test_it_writes_only_what_it_owns(step):
    assert all(path.startswith(OWNED) for path in write(step).files)


def test_data_is_copied_from_beside_the_notebook(step, tmp_path):
    assert write(step).copies == {"data/rows.csv": str((tmp_path / "rows.csv").resolve())}


def test_modules_that_the_plan_no_longer_has_go_and_other_files_stay(step):
    tree = {"src/data/old.py": "", "src/data/loader.py": "", "tests/test_it.py": "", "README.md": ""}
    assert write(step.model_copy(update={"tree": tree})).removed == ("src/data/old.py",)


def test_the_summary_counts_modules(step):
    found = write(step)
    count = sum(path.endswith(".py") and not path.endswith("__init__.py") for path in found.files)
    assert found.summary.startswith(f"{count} modules, ")


def test_the_same_step_twice_gives_the_same(step):
    assert write(step) == write(step)


@pytest.mark.parametrize("missing", ["facts", "plan"])
def test_without_a_plan_it_says_which_step_to_run(step, missing):
    with pytest.raises(UserError, match="run step extract first"):
        write(step.model_copy(update={missing: None}))
