"""The extractor: facts, plan and EXTRACTION_PLAN.md; what sent it back widens the plan."""

import sys
from pathlib import Path

import pytest

from agents.extractor import extract
from agents.model import StepInput
from tools.checks.model import Diagnostic
from tools.environment import Interpreter
from tools.errors import UserError
from tools.sandbox import Limits

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
# %%
df = pd.read_csv("rows.csv")
df.head()
# %%
model = LogisticRegression()
model.fit(df[["a"]], df["y"])
accuracy = accuracy_score(df["y"], model.predict(df[["a"]]))
"""


def step_for(tmp_path: Path, text: str = NOTEBOOK) -> StepInput:
    path = tmp_path / "experiment.py"
    path.write_text(text, encoding="utf-8")
    interpreter = Interpreter(path=sys.executable, version="3.11.0")
    return StepInput(step="extract", notebook=path, interpreter=interpreter, limits=Limits(), execute=False)


def test_without_a_run_the_plan_is_static_and_says_so(tmp_path):
    found = extract(step_for(tmp_path))
    assert found.plan is not None
    assert found.facts is not None
    assert found.facts.trace.status == "not run"
    assert "not run" in found.files["EXTRACTION_PLAN.md"]
    assert "functions" in found.summary


def test_facts_are_used_again(tmp_path):
    step = step_for(tmp_path)
    first = extract(step)
    step.notebook.write_text("changed = 1", encoding="utf-8")
    again = extract(step.model_copy(update={"facts": first.facts, "plan": first.plan}))
    assert again.plan == first.plan


def test_a_difference_becomes_a_constraint_that_the_plan_respects(tmp_path):
    step = step_for(tmp_path)
    first = extract(step)
    error = Diagnostic(code="equivalence", message="`model` differs", step="extract", statement="c3.s2")
    again = extract(step.model_copy(update={"facts": first.facts, "plan": first.plan, "diagnostics": (error,)}))
    assert again.constraints
    assert again.plan is not None
    assert set(again.constraints) <= set(again.plan.constraints)


def test_nothing_to_extract_is_a_sentence_for_the_user(tmp_path):
    with pytest.raises(UserError, match="no model"):
        extract(step_for(tmp_path, "# %%\nrows = [1]\n"))
