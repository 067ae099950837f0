"""Events of a run for people, as its listener gets them."""

from typing import Any

from langgraph.config import get_stream_writer


def tell(**event: Any) -> None:  # noqa: ANN401
    """Give the listener of a run an event.

    Args:
        event: `node`, `event` (`start`, `end`, `note`, `prompt`), `text`, and `seconds` where it ends.
    """
    get_stream_writer()(event)
