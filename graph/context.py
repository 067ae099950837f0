"""What is configured around a run in LangGraph Studio, whose form this is: an assistant's context."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.state import RunState
from tools.team.override import overridden

_SOURCE = "the configuration form"


class RunContext(BaseModel):
    """Values over those of the team files and the environment; what is left empty stays as it is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(
        default="",
        title="Model",
        description="Chat model as provider/name, such as openai/gpt-4.1; `none`: no model; empty: as configured.",
    )
    base_url: str = Field(
        default="", title="Model's address", description="Of a compatible endpoint; empty: as configured."
    )
    api_key_env: str = Field(
        default="",
        title="Variable with the key",
        description="Name of the server's environment variable that holds the model's key; empty: as configured.",
    )
    max_seconds: float = Field(
        default=0, ge=0, title="Budget: seconds", description="Wall time of the whole run; 0: as configured."
    )
    max_rounds: int = Field(
        default=0, ge=0, title="Budget: rounds", description="Reviews at the most; 0: as configured."
    )
    max_tokens: int = Field(
        default=0, ge=0, title="Budget: tokens", description="Of chat models, in and out; 0: as configured."
    )
    max_usd: float = Field(default=0, ge=0, title="Budget: dollars", description="For chat models; 0: as configured.")
    sandbox: Literal["", "best", "strict"] = Field(
        default="",
        title="Sandbox",
        description="`best`: the best there is here; `strict`: refuse a weaker one than full isolation; "
        "empty: as configured.",
    )
    approve: Literal["", "never", "plan", "each-step"] = Field(
        default="",
        title="Approvals",
        description="Stop for a person: after the plan, after each step, or never; empty: as the input says.",
    )


_KEYS = {
    "model": "llm.model",
    "base_url": "llm.base_url",
    "api_key_env": "llm.api_key_env",
    "max_seconds": "budget.max_seconds",
    "max_rounds": "budget.max_rounds",
    "max_tokens": "budget.max_tokens",
    "max_usd": "budget.max_usd",
    "sandbox": "limits.sandbox",
}


def changed_by(context: RunContext | None, state: RunState) -> dict[str, Any]:
    """Return what the form changes in the state of a run, also of one that is under way; nothing without a form.

    The run's own input goes over the form, as the command line goes over what is configured.

    Raises:
        UserError: If a value has the wrong type.
    """
    if context is None:
        return {}
    given = {key: json.dumps(value) for name, key in _KEYS.items() if (value := getattr(context, name))}
    team = overridden(overridden(state["team"], given, _SOURCE), state.get("overrides", {}), "command line")
    update: dict[str, Any] = {"team": team} if team.config != state["team"].config else {}
    if context.approve:
        update["approve"] = "" if context.approve == "never" else context.approve
    return update
