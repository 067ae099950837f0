"""Whole runs with a fault in one step's first attempt: the right step redoes its work and the run ends well."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.model import Agent, StepInput, StepOutput
from agents.registry import AGENTS
from graph.nodes import Line
from graph.run import start
from graph.state import RunInput, RunState
from tools.checks.model import Step

pytestmark = pytest.mark.whole_run
CASE = Path(__file__).parents[1] / "cases" / "small_classifier"


def faulty(step: Step, corrupt: Callable[[StepOutput], StepOutput]) -> Line:
    """A line in which one agent's first attempt is corrupted."""
    honest: Agent = AGENTS[step]

    def agent(given: StepInput) -> StepOutput:
        output = honest(given)
        return corrupt(output) if given.attempt == 1 else output

    return Line({**AGENTS, step: agent})


def replaced(path: str, pattern: str, text: str) -> Callable[[StepOutput], StepOutput]:
    def corrupt(output: StepOutput) -> StepOutput:
        changed, count = re.subn(pattern, text, output.files[path], count=1)
        assert count == 1, f"{pattern!r} is not in {path}"
        return output.model_copy(update={"files": {**output.files, path: changed}})

    return corrupt


def without_statement(statement: str) -> Callable[[StepOutput], StepOutput]:
    """Lose a statement of the plan, as a slice that overlooked a mutation would."""

    def corrupt(output: StepOutput) -> StepOutput:
        assert output.plan is not None
        functions = []
        for function in output.plan.functions:
            rest = tuple(i for i in function.statements if i != statement)
            if rest:
                functions.append(function.model_copy(update={"statements": rest}))
        order = tuple(i for i in output.plan.order if i != statement)
        return output.model_copy(
            update={"plan": output.plan.model_copy(update={"functions": tuple(functions), "order": order})}
        )

    return corrupt


def run(tmp_path: Path, line: Line, *skipped: str, **overrides: str) -> RunState:
    shutil.copytree(CASE, tmp_path / "work")
    given = RunInput(
        notebook=str(tmp_path / "work" / "experiment.ipynb"),
        out=str(tmp_path / "out"),
        overrides={"checks.skip": f"[{', '.join(skipped)}]", **overrides},
    )
    return start(given, lambda _: None, line=line)


FAULTS: dict[str, tuple[Step, Callable[[StepOutput], StepOutput]]] = {
    "a wrong import": (
        "harden",
        replaced("src/data/loader.py", r"from sklearn.model_selection import", "from sklearn.model_choice import"),
    ),
    "a lost mutation": ("extract", without_statement("c4.s1")),
    "Any where the type is known": ("harden", replaced("src/data/loader.py", r"\) -> pd.DataFrame:", ") -> Any:")),
    "a broken test": ("test", replaced("tests/test_data.py", r"assert (.+)", r"assert not (\1)")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_right_step_mends_it(name: str, tmp_path: Path) -> None:
    step, corrupt = FAULTS[name]

    state = run(tmp_path, faulty(step, corrupt), "mutation", "pipeline")

    sent_back = {s for s, record in state["steps"].items() if record.sent_back}
    assert sent_back, "no check found the fault"
    assert state["verdict"] == "unproven", state["reason"]  # the pipeline check was left out, and nothing else
    assert "pipeline did not run" in state["reason"]
    assert state["equivalence"] is not None
    assert state["equivalence"].status == "proven"


def test_a_bad_mlproject_is_mended_and_the_run_is_verified(tmp_path: Path) -> None:
    line = faulty("pipeline-config", replaced("MLproject", r"src\.training\.train", "src.training.trian"))

    state = run(tmp_path, line, "mutation")

    assert state["steps"]["pipeline-config"].sent_back
    assert state["verdict"] == "verified", state["reason"]
    assert {check.name: check.status for check in state["checks"]}["pipeline"] == "passed"


def test_a_fault_that_nothing_can_mend_ends_failed_and_never_verified(tmp_path: Path) -> None:
    honest = AGENTS["harden"]

    def broken(given: StepInput) -> StepOutput:
        output = honest(given)
        text = output.files["src/data/loader.py"] + f"\n\nundefined_{given.attempt}()\n"
        return output.model_copy(update={"files": {**output.files, "src/data/loader.py": text}})

    state = run(tmp_path, Line({**AGENTS, "harden": broken}), "mutation", "pipeline", **{"budget.max_rounds": "3"})

    assert state["verdict"] == "failed"
    assert "3 of 3 review rounds are spent" in state["reason"]
