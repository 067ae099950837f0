"""The questions of all agents fit, hold what may be shared and nothing else, and can be read before they are sent."""

from pathlib import Path

import pytest

from agents.compact_facts import Share
from agents.llm import CHARACTERS_A_TOKEN
from agents.proposals.model import Material
from agents.proposals.registry import KINDS
from agents.specialists.question import ROOM, asked, instructions
from agents.specialists.registry import SPECIALISTS
from agents.specialists.shown_code import within_room
from graph.planning import print_prompts
from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.trace.model import StatementTrace, Trace, ValueFacts
from tools.transform.build import build_modules
from tools.transform.format import formatted

LONG = Path(__file__).parents[2] / "evals" / "notebooks" / "long_experiment" / "experiment.ipynb"
CASE = Path(__file__).parents[1] / "cases" / "small_classifier" / "experiment.ipynb"
CONFTEST = "import pytest\n\n\n@pytest.fixture\ndef config() -> int:\n    return 1\n"


def material(facts: NotebookFacts) -> Material:
    plan = plan_extraction(facts)
    tree = formatted(build_modules(facts, plan, "harden")) | {"tests/conftest.py": CONFTEST}
    files = [p for p in tree if p.startswith("src/") and tree[p].count("\n") > 20]
    survivors = tuple(
        Diagnostic(code="mutant", message="no test notices: flipped, `a` as `b`", check="mutation", file=p, line=20)
        for p in files * 10
    )
    return Material(facts=facts, plan=plan, tree=tree, survivors=survivors)


@pytest.fixture(scope="module")
def long() -> Material:
    return material(analyse(read_notebook(LONG), Trace(status="not run")))


def texts(found: Material, share: Share, room: int = ROOM[0]) -> list[str]:
    system = instructions(found, share, "", room).text
    questions = [asked(specialist, found, room=room) for specialist in SPECIALISTS]
    return [f"{system}\n{question.text}" for question in questions if question is not None]


def test_a_long_notebook_is_asked_about_for_less_than_thirty_thousand_tokens(long: Material) -> None:
    found = texts(long, "code+values")

    assert len(found) == len(SPECIALISTS)
    assert sum(map(len, found)) / CHARACTERS_A_TOKEN < 30_000


def test_shorter_questions_are_shorter(long: Material) -> None:
    sizes = [sum(map(len, texts(long, "code+schema", room))) for room in ROOM]

    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(ROOM)


def test_the_beginning_is_the_same_for_every_agent_and_attempt(long: Material) -> None:
    assert instructions(long, "code", "Use polars.") == instructions(
        long.model_copy(update={"tree": {}}), "code", "Use polars."
    )


@pytest.fixture(scope="module")
def run() -> Material:
    """The small notebook, as if it had been run: a frame of 4711 rows with a column that the code does not name."""
    frame = ValueFacts(
        type="pandas.DataFrame", annotation="pd.DataFrame", shape=(4711, 2), columns=(("secret_column", "int64"),)
    )
    notebook = read_notebook(CASE)
    ids = tuple(s.id for s in notebook.statements())
    traced = {i: StatementTrace(id=i, stdout="printed_output") for i in ids}
    first = next(s.id for s in notebook.statements() if "read_csv" in s.code)
    traced[first] = StatementTrace(id=first, bound={"df": frame})
    return material(analyse(notebook, Trace(status="ran", order=ids, statements=traced)))


@pytest.mark.parametrize(("share", "shown"), [("code", False), ("code+schema", True), ("code+values", True)])
def test_what_the_run_showed_is_sent_only_where_it_may_be(run: Material, share: Share, shown: bool) -> None:
    found = "\n".join(texts(run, share))

    assert ("4711" in found, "secret_column" in found) == (shown, shown)
    assert "printed_output" not in found
    assert "petal_length" in found, "the code itself is sent"


def test_prompts_can_be_read_before_anything_is_sent(run: Material, capsys: pytest.CaptureFixture[str]) -> None:
    print_prompts(run.facts, run.plan)

    printed = capsys.readouterr().out
    assert "Sent first with every question (version " in printed
    assert "# Asked for step extract (version " in printed
    assert instructions(run, "code+schema", "").text in printed


def test_room_is_taken_from_the_longest() -> None:
    short, long = within_room(["one line", "\n".join(["a long line of code"] * 200)], 1000)

    assert short == "one line"
    assert len(long) <= 1000
    assert "more lines" in long


def test_every_kind_is_proposed_by_someone_and_changes_plan_or_files() -> None:
    assert {kind.step for kind in KINDS.values()} == {specialist.step for specialist in SPECIALISTS}
    assert all((kind.edits is None) != (kind.changed is None) for kind in KINDS.values())
