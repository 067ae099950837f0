"""The team's pipeline file in a run: words, variables, conditions, checks, time limits, models, steps of its own."""

from pathlib import Path

import pytest

from agents.model import StepInput
from agents.reviewer import Review
from graph.nodes import Line
from graph.run import start
from graph.state import RunInput, RunState
from tests.graph.test_loop import Fault, agents
from tests.graph.test_loop import judge as judge_all
from tools.checks.model import STEPS, Step
from tools.checks.request import CheckRequest
from tools.errors import UserError


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "nb.py"
    path.parent.mkdir()
    (path.parent / ".git").mkdir()
    path.write_text("# %%\nx = 1\n")
    return path


def judge(request: CheckRequest) -> Review:
    """A step that was left out has left nothing."""
    for step in STEPS:
        if not (request.tree / f"{step}.txt").exists():
            (request.tree / f"{step}.txt").write_text("right")
    return judge_all(request)


def run(
    notebook: Path, pipeline: str, faults: dict[Step, Fault] | None = None, config: str = ""
) -> tuple[RunState, dict[str, list[StepInput]], list[str]]:
    """Run with a pipeline file; return the state, what each step was given, and the order of the calls."""
    (notebook.parent / "ml-productionize.yaml").write_text(pipeline)
    if config:
        (notebook.parent / ".architect.yaml").write_text(config)
    calls: list[str] = []
    given: dict[str, list[StepInput]] = {}
    made = agents(faults or {}, calls)

    def kept(step: Step):  # type: ignore[no-untyped-def]
        def work(step_input: StepInput):  # type: ignore[no-untyped-def]
            given.setdefault(step, []).append(step_input)
            return inner(step_input)

        inner = made[step]
        return work

    line = Line({step: kept(step) for step in STEPS}, judge)
    state = start(RunInput(notebook=str(notebook), out=str(notebook.parent.parent / "out")), lambda _: None, line=line)
    return state, given, calls


def findings(state: RunState) -> dict[str, str]:
    return {d.code: d.message for d in state["diagnostics"]}


@pytest.mark.parametrize("key", ["task", "prompt"])
def test_the_words_reach_the_step_with_variables_filled_in(notebook: Path, key: str) -> None:
    _, given, _ = run(
        notebook,
        "variables: {team: Ann's, n: 3}\nsteps:\n"
        f"  - {{name: harden, {key}: 'for {{{{team}}}} {{{{ n }}}} times'}}\n",
    )

    assert given["harden"][0].instructions == "for Ann's 3 times"
    assert given["test"][0].instructions == ""


def test_what_a_step_said_is_a_variable_of_later_steps(notebook: Path) -> None:
    _, given, _ = run(
        notebook,
        "steps:\n  - {name: structure, output_var: made}\n  - {name: test, task: 'structure says {{made}}'}\n",
    )

    assert given["test"][0].instructions == "structure says done"


def test_a_step_whose_condition_fails_is_left_out_and_the_run_proves_less(notebook: Path) -> None:
    state, _, calls = run(
        notebook,
        "steps:\n  - {name: harden, condition: test -f harden.txt || test -f structure.txt}\n"
        "  - {name: pipeline-config, condition: grep -q nothing structure.txt}\n",
        config="",
    )

    assert calls == ["extract", "structure", "harden", "test"]
    assert state["steps"]["pipeline-config"].skipped == "its condition `grep -q nothing structure.txt` ended with 1"
    assert state["verdict"] == "unproven"
    assert "pipeline-config was left out" in state["reason"]


def test_a_failing_check_sends_its_step_back_with_what_it_said(notebook: Path) -> None:
    state, given, calls = run(
        notebook,
        "variables: {word: right}\n"
        "steps:\n  - {name: test, checks: ['true', 'grep {{word}} test.txt || { echo not {{word}}; exit 3; }']}\n",
        {"test": lambda step: step.attempt == 1},
    )

    assert calls == [*STEPS, "test"]
    told = [d.message for d in given["test"][1].diagnostics if d.code == "step-check"]
    assert told[0].endswith("of step test ended with 3: not right")
    assert state["verdict"] == "verified"


def test_a_check_runs_on_a_copy(notebook: Path) -> None:
    state, _, _ = run(notebook, "steps:\n  - {name: structure, checks: ['rm -r * .git; touch made']}\n")

    names = {path.name for path in Path(state["out"]).iterdir()}
    assert "structure.txt" in names
    assert "made" not in names
    assert state["verdict"] == "verified"


def test_a_check_that_never_ends_is_ended_at_the_timeout_of_its_step(notebook: Path) -> None:
    state, _, _ = run(
        notebook,
        "steps:\n  - {name: harden, timeout: 1, checks: ['sleep 60']}\n",
        config="budget: {max_attempts: 1}\n",
    )

    assert "was ended after" in findings(state)["step-check"]
    assert "more than its timeout of 1 s" in findings(state)["step-timeout"]
    assert state["verdict"] == "failed"


def test_a_step_has_its_own_model_and_an_agent_too(notebook: Path) -> None:
    _, given, _ = run(
        notebook,
        "steps:\n  - {name: test, model: openai/for-tests}\n",
        config="llm: {model: openai/common, agents: {hardener: {model: openai/hard, temperature: 0.5}}}\n",
    )

    assert [given[step][0].llm.model for step in ("structure", "harden", "test")] == [
        "openai/common",
        "openai/hard",
        "openai/for-tests",
    ]
    assert given["harden"][0].llm.temperature == 0.5


def test_a_step_of_the_teams_own_says_what_was_not_done_and_runs_its_checks(notebook: Path) -> None:
    state, _, calls = run(
        notebook,
        "steps:\n  - {name: harden}\n"
        "  - {name: changelog, task: Write a changelog., checks: [test -f harden.txt, 'false']}\n"
        "  - {name: test}\n",
        config="budget: {max_rounds: 1}\n",
    )

    record = state["steps"]["changelog"]
    assert calls == list(STEPS)
    assert record.summary == (
        "the task of step changelog was not done: no chat model is configured; 1 of 2 checks pass"
    )
    assert findings(state)["step-not-done"].startswith("the task of step changelog was not done")
    assert [(d.step, d.severity) for d in state["diagnostics"] if d.code == "step-check"] == [("harden", "error")]


def test_an_own_step_without_failing_checks_does_not_block(notebook: Path) -> None:
    state, _, _ = run(notebook, "steps:\n  - {name: smoke, checks: ['true']}\n")

    assert state["steps"]["smoke"].summary == "1 of 1 checks pass"
    assert state["verdict"] == "verified"


def test_what_a_step_said_is_quoted_in_a_command(notebook: Path) -> None:
    (notebook.parent / "ml-productionize.yaml").write_text(
        "steps:\n  - {name: structure, output_var: said}\n"
        "  - {name: test, checks: ['echo {{said}} > said; test ! -e x']}\n"
    )
    calls: list[str] = []
    made = agents({}, calls)
    inner = made["structure"]
    made["structure"] = lambda given: inner(given).model_copy(update={"summary": "$(touch x); touch x"})

    state = start(
        RunInput(notebook=str(notebook), out=str(notebook.parent / "o")), lambda _: None, line=Line(made, judge)
    )

    assert state["verdict"] == "verified"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{max_files_modified: 1}", "step test changed 2 files, 1 are allowed (guardrails.max_files_modified)"),
        ("{max_lines_changed: 3}", "step test changed 6 lines, 3 are allowed (guardrails.max_lines_changed)"),
    ],
)
def test_a_step_that_changes_too_much_is_told(notebook: Path, config: str, said: str) -> None:
    (notebook.parent / ".architect.yaml").write_text(f"guardrails: {config}\nbudget: {{max_rounds: 1}}\n")
    made = agents({}, [])
    inner = made["test"]
    changes = {"structure.txt": "right\nbut\nlonger\n", "harden.txt": "right or\n"}
    made["test"] = lambda given: inner(given).model_copy(update={"files": {"test.txt": "right\n", **changes}})

    state = start(
        RunInput(notebook=str(notebook), out=str(notebook.parent / "o")), lambda _: None, line=Line(made, judge)
    )

    (found,) = [d for d in state["diagnostics"] if d.check == "change_limits"]
    assert found.message.startswith(said)
    assert (found.step, found.severity) == ("test", "error")
    assert state["verdict"] == "failed"


@pytest.mark.parametrize(
    ("pipeline", "said"),
    [
        ("steps:\n  - {name: test}\n  - {name: test}\n", ":3: `steps.1.name`: there are two steps of the name 'test'"),
        ("steps:\n  - {name: test, agent: testr}\n", "there is no agent 'testr': did you mean 'tester'?"),
        ("steps:\n  - {name: test, agent: writer}\n", "step test is the work of the agent tester"),
        ("steps:\n  - {name: extract, condition: 'true'}\n", "step extract cannot be left out"),
        ("variables: {team: a}\nsteps:\n  - {name: test, task: '{{tean}}'}\n", "did you mean 'team'?"),
        ("steps:\n  - {name: test, task: '{{x}}'}\n  - {name: y, output_var: x}\n", "nothing gives `{{x}}` a value"),
    ],
)
def test_steps_that_name_what_there_is_not_are_refused(notebook: Path, pipeline: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        run(notebook, pipeline)

    assert said in str(error.value)


def test_a_checkpoint_names_its_commit(notebook: Path) -> None:
    (notebook.parent / "ml-productionize.yaml").write_text("steps:\n  - {name: harden, checkpoint: true}\n")
    notes: list[str] = []

    state = start(
        RunInput(notebook=str(notebook), out=str(notebook.parent / "o")),
        lambda event: notes.append(str(event["text"])),
        line=Line(agents({}, []), judge),
    )

    commit = state["steps"]["harden"].commit[:10]
    assert f"checkpoint {commit}: `ml-productionize rollback harden` comes back to it" in notes
