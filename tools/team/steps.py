"""The steps of `ml-productionize.yaml`: what holds of them as a whole, and how `{{name}}` is filled in."""

import difflib
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tools.checks.model import STEPS, Step
from tools.errors import UserError
from tools.team.model import LlmConfig, PipelineFile, PipelineStep
from tools.team.yaml_lines import KeyPath, line_of

AgentName = Literal["extractor", "writer", "hardener", "tester", "packager"]
AGENT_OF: Mapping[Step, AgentName] = {
    "extract": "extractor",
    "structure": "writer",
    "harden": "hardener",
    "test": "tester",
    "pipeline-config": "packager",
}
NEEDED: tuple[Step, ...] = ("extract", "structure")
"""Steps that all others stand on: they have no condition."""
_PLACE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")


def validated_steps(pipeline: PipelineFile, lines: dict[KeyPath, int], path: Path) -> PipelineFile:
    """Return the pipeline as it is.

    Raises:
        UserError: For each step that names what there is not: an agent, a variable, a second step of its name.
    """
    known = set(pipeline.variables)
    seen: set[str] = set()
    wrong: list[str] = []
    for number, step in enumerate(pipeline.steps):
        for key, sentence in _wrong(step, seen, known):
            wrong.append(f"{path}:{line_of(lines, ('steps', number, key))}: `steps.{number}.{key}`: {sentence}")
        seen.add(step.name)
        known |= {step.output_var} - {""}
    if wrong:
        raise UserError("\n".join(wrong))
    return pipeline


def _wrong(step: PipelineStep, seen: set[str], known: set[str]) -> list[tuple[str, str]]:
    found = []
    if step.name in seen:
        found.append(("name", f"there are two steps of the name {step.name!r}"))
    agents = ["build", *AGENT_OF.values()]
    own = AGENT_OF.get(step.name)  # type: ignore[call-overload]
    if step.agent not in agents:
        found.append(("agent", f"there is no agent {step.agent!r}{_near(step.agent, agents)}"))
    elif own and step.agent not in ("build", own):
        found.append(("agent", f"step {step.name} is the work of the agent {own}, not of {step.agent}"))
    if step.condition and step.name in NEEDED:
        found.append(("condition", f"step {step.name} cannot be left out, others stand on it: remove its condition"))
    texts = [("task", step.task), ("condition", step.condition), *(("checks", text) for text in step.checks)]
    for key, text in texts:
        for name in _PLACE.findall(text):
            if name not in known:
                near = _near(name, sorted(known))
                found.append((key, f"nothing gives `{{{{{name}}}}}` a value{near}; name it under `variables`"))
    return found


def filled(text: str, variables: Mapping[str, object], outputs: Mapping[str, str], *, shell: bool = False) -> str:
    """Return a text with each `{{name}}` replaced by its value.

    Args:
        text: Of a task or a command.
        variables: The team's own, put in as they are.
        outputs: What earlier steps said; in a command they are quoted, since their words come from a notebook.
        shell: It is a command.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in outputs:
            return shlex.quote(outputs[name]) if shell else outputs[name]
        return str(variables.get(name, match[0]))

    return _PLACE.sub(value, text)


def of_name(pipeline: PipelineFile, name: str) -> PipelineStep:
    """Return a step by its name; a built-in one that the file does not have, with nothing added."""
    return next((step for step in pipeline.steps if step.name == name), PipelineStep(name=name))


def own_steps_after(pipeline: PipelineFile, step: Step) -> tuple[PipelineStep, ...]:
    """Return the team's own steps between a built-in step and the next; those before all of them go with the first."""
    found: list[PipelineStep] = []
    current: str = STEPS[0]
    for listed in pipeline.steps:
        if listed.name in STEPS:
            current = listed.name
        elif current == step:
            found.append(listed)
    return tuple(found)


def own_steps(pipeline: PipelineFile) -> tuple[PipelineStep, ...]:
    """Return all of the team's own steps, in order."""
    return tuple(step for step in pipeline.steps if step.name not in STEPS)


def built_in_before(pipeline: PipelineFile, name: str) -> Step:
    """Return the built-in step that one of the team's own comes after; the first where it comes before all."""
    after = {own.name: step for step in STEPS for own in own_steps_after(pipeline, step)}
    return after.get(name, STEPS[0])


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f": did you mean {near[0]!r}?" if near else f": there are {', '.join(known)}" if known else ""


def llm_for(config: LlmConfig, agent: str, named: str) -> LlmConfig:
    """Return the chat model of an agent.

    Args:
        config: The common one, and what differs by agent.
        agent: Its name.
        named: The model that a step names for itself; it wins. Empty for none.
    """
    own = config.agents.get(agent)
    if own is not None:
        temperature = config.temperature if own.temperature is None else own.temperature
        config = config.model_copy(update={"model": own.model, "temperature": temperature})
    return config.model_copy(update={"model": named}) if named else config
