"""The agent of each step. Adding one is one file and one line here."""

from collections.abc import Callable, Mapping
from importlib import import_module

from agents.model import Agent, StepInput, StepOutput
from tools.checks.model import Step


def _lazy(module: str, name: str) -> Agent:
    def agent(step: StepInput) -> StepOutput:
        function: Callable[[StepInput], StepOutput] = getattr(import_module(module), name)
        return function(step)

    return agent


AGENTS: Mapping[Step, Agent] = {
    "extract": _lazy("agents.extractor", "extract"),
    "structure": _lazy("agents.writer", "write"),
    "harden": _lazy("agents.hardener", "harden"),
    "test": _lazy("agents.tester", "write_tests"),
    "pipeline-config": _lazy("agents.packager", "package"),
}
