"""The whole proof on one small notebook: proven as it is, and different when the package is spoilt."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.checks.equivalence.check import check_equivalence
from tools.checks.request import CheckRequest
from tools.environment import find_interpreter, package_environment
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.sandbox import Limits
from tools.trace.run import trace_notebook
from tools.transform.build import build_modules

CASE = Path(__file__).parents[1] / "cases" / "small_classifier"
pytestmark = pytest.mark.whole_run


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> CheckRequest:
    """A small notebook and the package made from it."""
    folder = tmp_path_factory.mktemp("proof")
    shutil.copytree(CASE, folder / "notebook")
    notebook = read_notebook(folder / "notebook" / "experiment.ipynb")
    interpreter = find_interpreter(None, notebook)
    limits = Limits(seconds=300)
    facts = analyse(notebook, trace_notebook(notebook, interpreter=interpreter, limits=limits))
    plan = plan_extraction(facts)
    tree = folder / "tree"
    for path, text in build_modules(facts, plan, "harden").items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    for target, source in plan.data_files:
        (tree / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "notebook" / source, tree / target)
    (tree / "requirements.txt").write_text(f"scikit-learn=={interpreter.packages['scikit-learn']}\n")
    environment = package_environment(interpreter)
    return CheckRequest(
        tree=tree, facts=facts, plan=plan, environment=environment, limits=limits, cache=folder / "captures"
    )


@pytest.fixture
def spoilt(request_: CheckRequest, tmp_path: Path) -> Callable[[str, str], CheckRequest]:
    """Return a function that replaces text in a copy of the package's modules."""

    def spoil(old: str, new: str) -> CheckRequest:
        tree = tmp_path / "tree"
        shutil.copytree(request_.tree, tree)
        hits = [path for path in tree.rglob("src/**/*.py") if old in path.read_text()]
        assert len(hits) == 1
        hits[0].write_text(hits[0].read_text().replace(old, new))
        return request_.model_copy(update={"tree": tree})

    return spoil


def test_the_package_of_the_notebook_is_proven(request_: CheckRequest) -> None:
    outcome = check_equivalence(request_)

    found = outcome.equivalence
    assert found is not None
    assert found.status == "proven", found.differences
    assert outcome.result.status == "passed"
    assert found.equal == found.compared > 10
    assert found.tolerance == "0"
    assert found.metrics_notebook == found.metrics_package
    assert {row.variable for row in found.values} >= {"df", "X_train", "X_test", "model"}


def test_the_first_value_that_differs_is_named_first(spoilt: Callable[[str, str], CheckRequest]) -> None:
    outcome = check_equivalence(
        spoilt('df["petal_length"] * df["petal_width"]', 'df["petal_length"] + df["petal_width"]')
    )

    found = outcome.equivalence
    assert found is not None
    assert found.status == "different"
    assert found.differences[0].variable == "df"
    assert "`petal_area`" in found.differences[0].message
    assert {d.step for d in outcome.result.diagnostics if d.severity == "error"} == {"extract"}


def test_a_package_that_does_not_run_is_no_proof(spoilt: Callable[[str, str], CheckRequest]) -> None:
    outcome = check_equivalence(spoilt('df["petal_length"] * df["petal_width"]', "missing_name"))

    assert outcome.equivalence is not None
    assert outcome.equivalence.status == "unproven"
    assert [d.code for d in outcome.result.diagnostics] == ["NameError"]
    assert outcome.result.diagnostics[0].file == "src/data/loader.py"
    assert outcome.result.diagnostics[0].step == "structure"


def test_a_notebook_that_does_not_run_leaves_the_package_unproven(request_: CheckRequest) -> None:
    facts = request_.facts
    assert isinstance(facts, NotebookFacts)
    stopped = facts.model_copy(update={"trace": facts.trace.model_copy(update={"status": "failed"})})

    outcome = check_equivalence(request_.model_copy(update={"facts": stopped}))

    assert outcome.result.status == "skipped"
    assert "the package trains" in outcome.result.summary
