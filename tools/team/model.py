"""The team files as typed models: unknown keys and wrong types are errors."""

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from tools.checks.model import STEPS
from tools.frozen import Frozen

DEFAULT_SENSITIVE = (
    ".env*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.keystore",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "credentials*",
    "secrets.*",
    "kaggle.json",
    ".netrc",
    ".pypirc",
    ".npmrc",
    ".pgpass",
)


class Budget(Frozen):
    """Limits of one run; 0 means none.

    Attributes:
        max_seconds: Wall time of all nodes together.
        max_rounds: Reviews.
        max_attempts: Attempts of one step.
        max_tokens: Tokens of chat models, in and out.
        max_usd: Dollars for chat models.
        run_seconds: Wall time of one run of foreign code (the notebook, the tests, one training).
    """

    max_seconds: float = Field(default=3600.0, ge=0, description="Wall time of the whole run, in seconds; 0: none.")
    max_rounds: int = Field(default=12, ge=1, description="Reviews at the most.")
    max_attempts: int = Field(default=8, ge=1, description="Attempts of one step at the most.")
    max_tokens: int = Field(default=0, ge=0, description="Tokens of chat models, in and out; 0: none.")
    max_usd: float = Field(default=0.0, ge=0, description="Dollars for chat models; 0: none.")
    run_seconds: float = Field(default=900.0, gt=0, description="Wall time of one run of the notebook or the package.")


class AgentModel(Frozen):
    """A chat model for one agent, where it differs from the others."""

    model: str
    temperature: float | None = Field(default=None, ge=0, le=2)


class LlmConfig(Frozen):
    """Which chat model the agents ask, if any.

    Attributes:
        model: `none`, or `provider/name` such as `openai/gpt-4.1`.
        api_key_env: Environment variable with its key.
        base_url: Of a compatible endpoint.
        share: What may leave the machine: code, code and schema, or values too.
        timeout: Of one call, in seconds.
        max_retries: Of one call.
        temperature: Passed on where given.
        agents: Other models for single agents, by name.
    """

    model: str = "none"
    api_key_env: str = "OPENAI_API_KEY"
    base_url: str = ""
    share: Literal["code", "code+schema", "code+values"] = "code+schema"
    timeout: float = Field(default=120.0, gt=0)
    max_retries: int = Field(default=2, ge=0, le=10)
    temperature: float | None = Field(default=None, ge=0, le=2)
    agents: dict[str, AgentModel] = {}


class CodeRule(Frozen):
    """A team's own rule over generated code.

    Attributes:
        pattern: Regular expression, matched against code without comments and without the text of strings.
        message: What to do instead.
        severity: `block` sends the step back, `warn` reaches the step and the report.
        files: Glob of the files it applies to.
    """

    pattern: str
    message: str
    severity: Literal["block", "warn"] = "block"
    files: str = "*.py"

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from error
        return value


class GuardrailsConfig(Frozen):
    """What may not be touched, and what code may not do."""

    protected_files: tuple[str, ...] = ()
    sensitive_files: tuple[str, ...] = DEFAULT_SENSITIVE
    code_rules: tuple[CodeRule, ...] = ()
    max_files_modified: int = Field(default=0, ge=0)
    max_lines_changed: int = Field(default=0, ge=0)


class LimitsConfig(Frozen):
    """Bounds of each run of foreign code, beside its time."""

    memory_mb: int = Field(default=0, ge=0)
    processes: int = Field(default=512, ge=0)
    file_mb: int = Field(default=4096, ge=0)
    disk_mb: int = Field(default=20_480, ge=0)
    sandbox: Literal["best", "strict"] = "best"


class ChecksConfig(Frozen):
    """Which checks run, and what they demand.

    Attributes:
        skip: Names of checks left out; a proof that is left out never gives the verdict `verified`.
        mutation_score: Least share of mutants that the generated tests must kill; 0 only reports it.
    """

    skip: tuple[str, ...] = ()
    mutation_score: float = Field(default=0.0, ge=0, le=1)


class TrackingConfig(Frozen):
    """What is recorded of each run.

    Attributes:
        trace: Bring each run to MLflow as a trace.
        uri: Of the MLflow store; empty for a database in the state folder.
    """

    trace: bool = True
    uri: str = ""


class ArchitectConfig(Frozen):
    """`.architect.yaml`."""

    llm: LlmConfig = LlmConfig()
    guardrails: GuardrailsConfig = GuardrailsConfig()
    budget: Budget = Budget()
    limits: LimitsConfig = LimitsConfig()
    checks: ChecksConfig = ChecksConfig()
    tracking: TrackingConfig = TrackingConfig()


class PipelineStep(Frozen):
    """One step of `ml-productionize.yaml`.

    Attributes:
        name: A built-in step adds `task` to its agent's instructions; another name runs the general agent.
        agent: `build`, or the name of one of ours.
        task: The team's own words (`prompt` is taken for it too).
        model: Chat model of this step.
        condition: Shell command in the generated repository; the step runs where it ends with 0.
        checks: Shell commands there after the step; one that fails, fails the step.
        checkpoint: Say which commit the step made, so that `rollback` can come back to it (a commit is always made).
        timeout: Of the step, in seconds; 0 for none.
        output_var: Variable that takes the step's summary, for `{{name}}` in later tasks.
    """

    name: str = Field(min_length=1)
    agent: str = "build"
    task: str = ""
    model: str = ""
    condition: str = ""
    checks: tuple[str, ...] = ()
    checkpoint: bool = False
    timeout: float = Field(default=0.0, ge=0)
    output_var: str = ""

    @model_validator(mode="before")
    @classmethod
    def _prompt_is_task(cls, value: object) -> object:
        if isinstance(value, dict) and "prompt" in value:
            if "task" in value:
                raise ValueError("give `task` or `prompt`, not both")
            rest = {key: item for key, item in value.items() if key != "prompt"}
            return {**rest, "task": value["prompt"]}
        return value


class PipelineFile(Frozen):
    """`ml-productionize.yaml`."""

    name: str = "ml-productionize"
    variables: dict[str, str | int | float | bool] = {}
    steps: tuple[PipelineStep, ...] = tuple(PipelineStep(name=step) for step in STEPS)


class TeamFiles(Frozen):
    """All team files of one run, merged.

    Attributes:
        config: `.architect.yaml` over the defaults.
        conventions: Text of `.architect.md` (or its fallback); empty where there is none.
        pipeline: `ml-productionize.yaml`, or the five built-in steps.
        sources: Path of each file in use by its kind: `config`, `conventions`, `pipeline`.
        origin: Where each value that is not a default came from, by dotted key.
    """

    config: ArchitectConfig = ArchitectConfig()
    conventions: str = ""
    pipeline: PipelineFile = PipelineFile()
    sources: dict[str, str] = {}
    origin: dict[str, str] = {}
