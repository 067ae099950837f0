"""The reviewer's diagnosis of a stubborn failure: what causes it, and which step should do what."""

from collections.abc import Sequence

from pydantic import Field

from agents.llm import Allowance, Reply, ask
from agents.prompting import prompt
from tools.checks.model import Step
from tools.frozen import Frozen
from tools.team.model import LlmConfig


class Diagnosis(Frozen):
    """What causes the errors that are left, and who should do what."""

    cause: str = Field(min_length=1, max_length=600, description="One or two sentences: what is wrong, and where.")
    step: Step = Field(description="The step whose work is wrong.")
    action: str = Field(min_length=1, max_length=600, description="One or two sentences: what should be changed.")
    files: tuple[str, ...] = Field(default=(), max_length=8, description="Paths to look at first.")

    def told(self) -> str:
        """Return it as text."""
        look = f" Look at {', '.join(self.files)}." if self.files else ""
        return f"{self.cause} Step {self.step} should do this: {self.action}{look}"


def diagnosed(
    config: LlmConfig, system: str, findings: Sequence[str], reasons: Sequence[str], allowance: Allowance | None = None
) -> Reply[Diagnosis]:
    """Ask for a diagnosis.

    Args:
        config: The reviewer's chat model.
        system: Instructions that all agents share.
        findings: Of the review, a line each.
        reasons: Why earlier repairs were taken back.
        allowance: What may still be spent.
    """
    question = prompt("diagnosis", findings=list(findings), reasons=list(reasons))
    return ask(config, system, question.text, Diagnosis, allowance)
