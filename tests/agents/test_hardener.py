"""The hardener: typed, documented, logging modules; what no rule mends is silenced by code and line, and reported."""

import ast
import sys
from pathlib import Path

import pytest

from agents.extractor import extract
from agents.hardener import harden
from agents.model import StepInput
from agents.writer import write
from tools.checks.model import Diagnostic
from tools.environment import Interpreter
from tools.errors import UserError
from tools.plan.model import Constraint
from tools.sandbox import Limits

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
# %%
df = pd.read_csv("rows.csv")
for name in ["a"]:
    print("column", name, len(df))
    df[name] += 1
# %%
model = LogisticRegression(C=0.5)
model.fit(df[["a"]], df["y"])
accuracy = accuracy_score(df["y"], model.predict(df[["a"]]))
"""
TRAIN = "src/training/train.py"


@pytest.fixture
def step(tmp_path: Path) -> StepInput:
    """The input of the step, with facts and plan of a notebook that has not been run."""
    path = tmp_path / "experiment.py"
    path.write_text(NOTEBOOK, encoding="utf-8")
    interpreter = Interpreter(path=sys.executable, version="3.11.0")
    first = StepInput(step="extract", notebook=path, interpreter=interpreter, limits=Limits(), execute=False)
    found = extract(first)
    return first.model_copy(update={"step": "harden", "facts": found.facts, "plan": found.plan})


def error(**given: object) -> Diagnostic:
    standard = {"code": "arg-type", "message": "wrong", "step": "harden", "check": "mypy", "file": TRAIN, "line": 5}
    return Diagnostic(**(standard | given))


def targets(constraints: tuple[Constraint, ...]) -> list[str]:
    return [c.target for c in constraints]


def test_prints_become_events_and_a_missing_file_is_explained(step):
    loader = harden(step).files["src/data/loader.py"]
    assert 'log.info("column", column=name, ' in loader
    assert "print(" not in loader
    assert 'raise FileNotFoundError(f"no data at {path}: set data.path")' in loader


def test_it_defines_what_the_writer_defined(step):
    def names(files: dict[str, str]) -> set[tuple[str, str]]:
        return {
            (path, node.name)
            for path, text in files.items()
            if path.endswith(".py")
            for node in ast.parse(text).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }

    assert names(harden(step).files) == names(write(step).files)


def test_without_diagnostics_nothing_is_silenced(step):
    found = harden(step)
    assert found.constraints == ()
    assert "silence" not in found.summary
    assert not any("type: ignore" in text for path, text in found.files.items() if path.startswith("src/training"))


def test_an_error_of_a_type_becomes_a_suppression_of_that_code_on_that_line(step):
    plain = harden(step).files[TRAIN].split("\n")
    found = harden(step.model_copy(update={"diagnostics": (error(),)}))
    assert targets(found.constraints) == [f"{TRAIN}:5:mypy:arg-type"]
    assert found.constraints[0].reason == "wrong"
    lines = found.files[TRAIN].split("\n")
    assert [n for n, (a, b) in enumerate(zip(plain, lines, strict=True), 1) if a != b] == [5]
    assert lines[4] == plain[4] + "  # type: ignore[arg-type]"
    assert found.summary.endswith("1 lines silence a type or lint code")


def test_a_suppression_of_an_earlier_attempt_stays_and_is_not_given_again(step):
    known = Constraint(kind="suppress", target=f"{TRAIN}:5:mypy:arg-type")
    found = harden(step.model_copy(update={"constraints": (known,), "diagnostics": (error(),)}))
    assert found.constraints == ()
    assert "# type: ignore[arg-type]" in found.files[TRAIN]


def test_the_same_error_twice_is_one_suppression(step):
    found = harden(step.model_copy(update={"diagnostics": (error(), error(message="again"))}))
    assert targets(found.constraints) == [f"{TRAIN}:5:mypy:arg-type"]


@pytest.mark.parametrize(
    "other",
    [{"check": "tests"}, {"severity": "warning"}, {"line": 0}, {"file": "tests/test_model.py"}, {"file": ""}],
)
def test_other_diagnostics_silence_nothing(step, other):
    assert harden(step.model_copy(update={"diagnostics": (error(**other),)})).constraints == ()


def test_the_same_step_twice_gives_the_same(step):
    again = step.model_copy(update={"diagnostics": (error(), error(check="ruff", code="E501"))})
    assert harden(again) == harden(again)


@pytest.mark.parametrize("missing", ["facts", "plan"])
def test_without_a_plan_it_says_which_step_to_run(step, missing):
    with pytest.raises(UserError, match="run step extract first"):
        harden(step.model_copy(update={missing: None}))
