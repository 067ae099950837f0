"""The samples agree with what a person wrote down about them."""

import re
from pathlib import Path

import pytest

from evals.expected import load_expected
from tools.errors import UserError
from tools.notebook.model import Notebook
from tools.notebook.read import read_notebook

FOLDER = Path(__file__).parents[2] / "evals" / "notebooks"
SAMPLES = sorted(path.parent.name for path in FOLDER.glob("*/experiment.ipynb"))


def statements_of(notebook: Notebook, name: str) -> set[str]:
    return {s.id for s in notebook.statements() if s.id == name or s.id.startswith(f"{name}.")}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_expectations_name_statements_that_exist(name):
    notebook = read_notebook(FOLDER / name / "experiment.ipynb")
    expected = load_expected(FOLDER / name / "expected.yaml")
    assert expected is not None
    kept = [statement for entry in expected.kept for statement in statements_of(notebook, entry)]
    dropped = [statement for entry in expected.dropped for statement in statements_of(notebook, entry)]
    assert all(statements_of(notebook, entry) for entry in (*expected.kept, *expected.dropped, *expected.roles))
    assert len(kept) == len(set(kept))
    assert not set(kept) & set(dropped)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_hold_no_path_of_a_machine_and_no_image(name):
    text = (FOLDER / name / "experiment.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"image/png|/root/|/home/\w+/(?!data)|/tmp/", text)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_expected_metrics_stand_in_the_saved_outputs(name):
    notebook = read_notebook(FOLDER / name / "experiment.ipynb")
    expected = load_expected(FOLDER / name / "expected.yaml")
    assert expected is not None
    text = "\n".join(output.text for cell in notebook.cells for output in cell.outputs)
    shown = re.findall(r"-?\d+(?:\.\d+)?", text)
    for metric, wanted in expected.metrics.items():
        assert any(agrees(wanted.value, number) for number in shown), metric


def agrees(value: float, shown: str) -> bool:
    """Whether a printed number is the value, rounded, or its percentage."""
    decimals = len(shown.partition(".")[2])
    if not decimals and abs(value) < 10:
        return False
    return any(abs(scaled - float(shown)) <= 0.5000001 * 10**-decimals for scaled in (value, 100 * value))


def test_a_missing_expectation_is_none(tmp_path):
    assert load_expected(tmp_path / "expected.yaml") is None


@pytest.mark.parametrize(
    "text, words", [("verdict: maybe", "`verdict` is wrong"), ("kep: [c1]", "`kep` is wrong"), ("a: [", "no YAML")]
)
def test_a_wrong_expectation_is_a_sentence(tmp_path, text, words):
    path = tmp_path / "expected.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=words):
        load_expected(path)
