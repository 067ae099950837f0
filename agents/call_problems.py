"""Why a call of a chat model failed, in sentences."""

from agents.llm import short_of
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
