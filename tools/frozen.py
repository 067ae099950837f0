"""The base of every model at a seam: immutable, validated, no unknown keys."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable value object; serialises to JSON and back without loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")
