"""A whole run with a fault that comes back with every attempt: only an agent mends it, and the proof holds."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from scripted_model import Action, ScriptedModel, answer, completion, text

from agents.model import StepInput, StepOutput
from agents.registry import AGENTS
from graph.nodes import Line
from graph.run import start
from graph.state import RunInput

pytestmark = pytest.mark.whole_run
CASE = Path(__file__).parents[1] / "cases" / "small_classifier"
LOADER = "src/data/loader.py"


def stubborn(given: StepInput) -> StepOutput:
    output = AGENTS["harden"](given)
    return output.model_copy(update={"files": {**output.files, LOADER: output.files[LOADER] + "\n\nundefined()\n"}})


def use(name: str, /, **arguments: Any) -> Action:
    call = {"id": "t", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return completion({"tool_calls": [call]}, finish="tool_calls")


def test_a_fault_that_comes_back_is_mended_by_an_agent_and_the_proof_holds(tmp_path: Path) -> None:
    told: list[str] = []
    script = [
        answer({"cause": "A name is called that there is not.", "step": "structure", "action": "Remove the call."}),
        use("search", text="undefined"),
        use("run_check", name="ruff"),
        use("edit", path=LOADER, old="\n\nundefined()\n", new=""),
        use("run_check", name="ruff"),
        use("run_check", name="equivalence"),
        text("The call of a name that there is not is removed."),
    ]

    def model(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        form = json.dumps(request.get("tools", []))
        if '"edit"' not in form and '"cause"' not in form:
            return text("{}" if form != "[]" else "yes")(request)
        told[:] = [m["content"] for m in request["messages"] if m["role"] == "tool"]
        return script.pop(0)(request)

    overrides = {"llm.model": "openai/gpt-4.1", "checks.skip": "[mutation, pipeline]"}
    shutil.copytree(CASE, tmp_path / "work")
    with ScriptedModel([model]) as server:
        given = RunInput(
            notebook=str(tmp_path / "work" / "experiment.ipynb"),
            out=str(tmp_path / "out"),
            overrides=overrides | {"llm.base_url": server.url},
        )
        state = start(given, lambda _: None, line=Line({**AGENTS, "harden": stubborn}))

    assert script == []
    searched, broken, edited, clean, equal = told
    assert searched.startswith(f"{LOADER}:")
    assert "F821" in broken
    assert edited.startswith(f"{LOADER} is edited")
    assert (clean, equal) == ("ruff passes", "equivalence passes")
    assert state["verdict"] == "unproven", state["reason"]  # the pipeline check was left out, and nothing else
    assert state["equivalence"] is not None
    assert state["equivalence"].status == "proven"
    assert [patch.status for patch in state["mending"].patches] == ["accepted"]
    assert "undefined" not in (tmp_path / "out" / LOADER).read_text()
    assert "The call of a name that there is not is removed." in (tmp_path / "out" / "REPORT.md").read_text()
