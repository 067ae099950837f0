"""Prices of chat models, in dollars for a million tokens (in, out); `ML_PRODUCTIONIZE_PRICES` names a file over it."""

import json
import os
from pathlib import Path

from tools.errors import UserError

PRICES: dict[str, tuple[float, float]] = {
    "openai/gpt-4.1": (2.0, 8.0),
    "openai/gpt-4.1-mini": (0.4, 1.6),
    "openai/gpt-4.1-nano": (0.1, 0.4),
    "openai/gpt-4o": (2.5, 10.0),
    "openai/gpt-4o-mini": (0.15, 0.6),
}


def dollars(model: str, input_tokens: int, output_tokens: int) -> float | None:
    """Return what tokens cost, or None where the price of the model is not known.

    Raises:
        UserError: If the price file is not valid.
    """
    price = {**PRICES, **_own()}.get(model)
    if price is None:
        return None
    return (input_tokens * price[0] + output_tokens * price[1]) / 1_000_000


def _own() -> dict[str, tuple[float, float]]:
    path = os.environ.get("ML_PRODUCTIONIZE_PRICES")
    if not path:
        return {}
    try:
        return {
            str(name): (float(pair[0]), float(pair[1])) for name, pair in json.loads(Path(path).read_text()).items()
        }
    except (OSError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise UserError(f'{path}: no price file ({error}); write {{"provider/model": [in, out]}}') from error
