"""Why a call of a chat model failed, in sentences."""

from tools.secrets import redact
from tools.team.model import LlmConfig


def problem_of(config: LlmConfig, error: Exception) -> tuple[str, bool]:
    """Say in a sentence why a call failed, and whether any other call would fail alike.

    Args:
        config: Whose call.
        error: What it raised.
    """
    import openai

    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return f"the server of {config.model} refuses the key in {config.api_key_env}", True
    if isinstance(error, openai.NotFoundError):
        return f"the server does not know the model {config.model}", True
    if isinstance(error, openai.APIConnectionError | openai.RateLimitError | openai.InternalServerError):
        return f"the server of {config.model} does not answer ({type(error).__name__})", True
    if isinstance(error, openai.BadRequestError):
        return f"the server refuses the request ({short_of(error)})", False
    return f"the answer could not be read ({type(error).__name__}: {short_of(error)})", False


def too_long(error: Exception) -> bool:
    """Tell whether a server refuses a question because the model cannot read that much."""
    import openai

    text = str(error).lower()
    return isinstance(error, openai.BadRequestError) and "context" in text and "length" in text


def short_of(error: Exception) -> str:
    """Return the message of an exception as one short line, secrets masked."""
    return redact(" ".join(str(error).split()))[:200]
