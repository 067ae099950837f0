"""Proposed tests: what one may be made of, and which are kept."""

from pathlib import Path

import pytest

from agents.proposals.admit import admitted, with_proposals
from agents.proposals.further_test import FILE, FurtherTest
from agents.proposals.model import Material, Proposal
from tools.analysis.analyse import analyse
from tools.checks.model import CheckResult, Diagnostic
from tools.checks.mutation import further
from tools.checks.mutation.model import Mutant
from tools.checks.mutation.mutants import all_mutants
from tools.checks.mutation.trials import Trial
from tools.checks.request import CheckRequest, Outcome
from tools.environment import Interpreter, PackageEnvironment
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.render.layout import formatted
from tools.sandbox import Limits
from tools.trace.model import Trace

CASE = Path(__file__).parents[1] / "cases" / "small_classifier" / "experiment.ipynb"
LOADER = """import pandas as pd


def add(a: int, b: int) -> int:
    return a + b


def half(a: int) -> float:
    return a / 2
"""
CONFTEST = "import pytest\n\n\n@pytest.fixture\ndef config() -> int:\n    return 1\n"
TREE = {
    "src/data/loader.py": LOADER,
    "tests/conftest.py": CONFTEST,
    "tests/test_data.py": "def test_it_loads() -> None:\n    assert True\n",
}


@pytest.fixture(scope="module")
def material() -> Material:
    facts = analyse(read_notebook(CASE), Trace(status="not run"))
    return Material(facts=facts, plan=plan_extraction(facts), tree=TREE)


def proposal(source: str, *imports: str) -> Proposal:
    name = source.partition("def ")[2].partition("(")[0]
    value = FurtherTest(source=source, imports=imports).model_dump_json()
    return Proposal(kind="further-test", target=f"{FILE}:{name}", value=value)


SUM = proposal(
    "def test_sums(config: int) -> None:\n    assert add(config, 2) == 3\n",
    "from src.data.loader import add",
    "import math",
)
HALF = proposal(
    '@pytest.mark.parametrize("a", [1])\ndef test_halves(a: int) -> None:\n    assert half(a) == 0.5', "import pytest"
)
TRIED = "def test_abc() -> None:\n    try:\n        assert 0\n    except AssertionError:\n        pass\n"


def test_a_test_stands_in_a_file_of_its_own(material: Material) -> None:
    found = admitted([SUM, HALF, SUM], material)

    assert found.fitting == (SUM, HALF)
    assert found.refused == ((SUM, "there is a test `test_sums` already"),)
    text = formatted(with_proposals({}, found.fitting, "test")[0])[FILE]
    assert text.count("def test_") == 2
    assert text.index("import pytest") < text.index("def test_sums")
    compile(text, FILE, "exec")


@pytest.mark.parametrize(
    ("source", "imports", "why"),
    [
        ("def test_x", [], "does not parse"),
        ("x = 1", [], "one function and nothing else"),
        ("def test_abc() -> None:\n    add(1, 2)\n", [], "asserts nothing"),
        ("def helper() -> None:\n    assert True\n", [], "is not named `test_`"),
        ("def test_it_loads() -> None:\n    assert True\n", [], "there is a test `test_it_loads` already"),
        ("def test_abc(unknown: int) -> None:\n    assert unknown\n", [], "wants the fixture `unknown`"),
        ("@pytest.mark.skip\ndef test_abc() -> None:\n    assert True\n", [], "only decorator"),
        ("@pytest.mark.xfail()\ndef test_abc() -> None:\n    assert True\n", [], "only decorator"),
        ("def test_abc() -> None:\n    pytest.skip('no')\n    assert True\n", [], "may not use `skip`"),
        (
            "def test_abc() -> None:\n    try:\n        assert 0\n    except AssertionError:\n        pass\n",
            [],
            "may not hold",
        ),
        ("def test_abc() -> None:\n    import os\n    assert os\n", [], "may not hold"),
        ("def test_abc() -> None:\n    assert Path('/etc/passwd').exists()\n", [], "may not name the place"),
        ("def test_abc() -> None:\n    assert open('x')\n", [], "may not use `open`"),
        ("def test_abc() -> None:\n    assert ().__class__\n", [], "may not use `__class__`"),
        ("def test_abc() -> None:\n    assert True\n", ["import os"], "`os` is no module"),
        ("def test_abc() -> None:\n    assert True\n", ["from src.nowhere import x"], "`src.nowhere` is no module"),
        ("def test_abc() -> None:\n    assert True\n", ["from math import *"], "imports all"),
        ("def test_abc() -> None:\n    assert True\n", ["print(1)"], "is no import"),
        ("def test_abc() -> None:\n" + "    assert True\n" * 50, [], "more than 40 lines"),
    ],
)
def test_what_is_no_test_is_refused(material: Material, source: str, imports: list[str], why: str) -> None:
    ((_, reason),) = admitted([proposal(source, *imports)], material).refused

    assert why in reason


TESTS = '''"""Tests."""

from src.data.loader import add, half


def test_clean() -> None:
    assert half(1) == 0.5


def test_first_to_notice() -> None:
    assert add(1, 2) == 3


def test_second_to_notice() -> None:
    assert add(2, 2) == 4


def test_failing() -> None:
    assert add(1, 2) == 4


def test_unclean() -> None:
    assert add(1, 1) == 2; assert True
'''


def test_only_tests_that_notice_something_new_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in TREE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    mutants = all_mutants(TREE)
    survivors = [
        Diagnostic(
            code="mutant",
            message=f"no test notices: {m.kind}, `{m.before}` as `{m.after}`",
            check="mutation",
            file=m.file,
            line=m.line,
        )
        for m in mutants
        if "a + b" in m.before
    ]
    line = TESTS.splitlines().index("    assert add(1, 1) == 2; assert True") + 1
    lint = Diagnostic(code="E702", message="two statements", check="ruff", file=FILE, line=line)
    seen: list[tuple[str, str]] = []

    def tried(request: CheckRequest, chosen: list[Mutant], *_: object) -> list[Trial]:
        tests = sorted(p.name for p in (request.tree / "tests").glob("test_*.py"))
        seen.extend((m.before, ", ".join(tests)) for m in chosen)
        return [Trial(mutant=m, killed=True, by="test_first_to_notice") for m in chosen]

    def check(name: str, *found: Diagnostic) -> object:
        return lambda _: Outcome(result=CheckResult(name=name, status="failed", diagnostics=found))

    monkeypatch.setattr(further, "check_lint", check("ruff", lint))
    monkeypatch.setattr(further, "check_types", check("mypy"))
    monkeypatch.setattr(further, "failed_tests", lambda *_: {"test_failing": "it fails on the package: 3 is not 4"})
    monkeypatch.setattr(further, "tried", tried)
    environment = PackageEnvironment(interpreter=Interpreter(path="python", version="3.11"))
    request = CheckRequest(tree=tmp_path, environment=environment, limits=Limits())

    assert further.problems(request, FILE, TESTS, survivors) == {
        "test_unclean": "ruff: E702: two statements",
        "test_failing": "it fails on the package: 3 is not 4",
        "test_clean": "it notices no fault that the other tests do not notice",
        "test_second_to_notice": "it notices no fault that the other tests do not notice",
    }
    assert seen == [("return a + b", "test_further.py")]
    assert (tmp_path / "tests" / "test_data.py").exists()
