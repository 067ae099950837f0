from pathlib import Path

import pytest

from tools.analysis.analyse import analyse
from tools.checks.equivalence.blame import culprit, decisive
from tools.checks.equivalence.findings import not_equal
from tools.checks.equivalence.notebook_runs import run_notebook
from tools.checks.model import Difference, EquivalenceResult
from tools.checks.request import CheckRequest
from tools.environment import PackageEnvironment, find_interpreter
from tools.notebook.read import read_notebook
from tools.plan.capture import capture_points
from tools.plan.model import ExtractionPlan, FunctionPlan, Returned
from tools.sandbox import Limits
from tools.trace.run import trace_notebook

CANDIDATES = [f"c{n}.s1" for n in range(1, 20)]


@pytest.mark.parametrize("cause", ["c1.s1", "c7.s1", "c19.s1"])
def test_one_cause_is_found_in_few_runs(cause: str) -> None:
    runs = []

    def enough(added: list[str]) -> bool:
        runs.append(added)
        return cause in added

    assert decisive(CANDIDATES, enough) == cause
    assert len(runs) <= 6


def test_of_several_causes_one_that_is_needed_is_named() -> None:
    assert decisive(CANDIDATES, lambda added: {"c3.s1", "c9.s1"} <= set(added)) == "c9.s1"


def test_where_nothing_mends_it_nothing_is_blamed() -> None:
    assert decisive(CANDIDATES, lambda added: False) == ""
    assert decisive([], lambda added: True) == ""


FIRST = Difference(key="a", message="`df` of load: differs", statement="c5.s1")
SECOND = Difference(key="b", message="`model` of fit: differs", statement="c9.s1")


def result(*differences: Difference) -> EquivalenceResult:
    return EquivalenceResult(status="different", differences=differences)


def test_the_dropped_statement_takes_the_blame() -> None:
    first, second = not_equal(result(FIRST, SECOND), [FIRST], "c4.s2")

    assert first.statement == "c4.s2"
    assert first.message.endswith("it comes from c4.s2, which was dropped")
    assert second.statement == ""


def test_a_difference_of_the_package_alone_says_so() -> None:
    (found,) = not_equal(result(FIRST), [], "")

    assert found.statement == "c5.s1"
    assert found.message.endswith("the slice still has the notebook's values")


def test_a_difference_of_evaluation_has_a_code_of_its_own() -> None:
    (found,) = not_equal(result(Difference(key="evaluate", message="other metrics")), [], "")

    assert (found.code, found.step) == ("evaluate", "extract")


NOTEBOOK = """# %%
values = [3.0, 1.0]
shown = [1]
# %%
alias = values
alias.append(2.5)
shown.append(2)
print(shown)
# %%
total = sum(values)
"""


def test_a_lost_change_through_an_alias_is_found_by_running_the_slice(tmp_path: Path) -> None:
    path = tmp_path / "experiment.py"
    path.write_text(NOTEBOOK)
    notebook = read_notebook(path)
    interpreter = find_interpreter(None, notebook)
    limits = Limits(seconds=60)
    facts = analyse(notebook, trace_notebook(notebook, interpreter=interpreter, limits=limits))
    returned = Returned(name="total", variable="total", statement="c3.s1", annotation="float", capture="total")
    function = FunctionPlan(
        name="f", module="src/a.py", stage="data", kind="stage", statements=("c3.s1",), returns=(returned,)
    )
    plan = ExtractionPlan(project="p", order=("c1.s1", "c3.s1"), functions=(function,))
    request = CheckRequest(
        tree=tmp_path,
        facts=facts,
        plan=plan,
        environment=PackageEnvironment(interpreter=interpreter),
        limits=limits,
        cache=tmp_path / "captures",
    )
    whole = run_notebook(request, notebook, facts.order, capture_points(plan, facts), 1)
    difference = Difference(key="total", message="differs", statement="c3.s1", variable="total")

    assert culprit(request, facts, plan, whole, difference) == "c2.s2"
