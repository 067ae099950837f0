"""Names told apart by a number: `rmse`, `rmse_2`, `rmse_3`."""

from collections.abc import Callable
from itertools import count


def numbered(base: str, taken: Callable[[str], bool]) -> str:
    """Return a name, or the first of `base_2`, `base_3`, … that is free.

    Args:
        base: The name wanted.
        taken: Tells whether a name is taken.
    """
    return base if not taken(base) else next(f"{base}_{n}" for n in count(2) if not taken(f"{base}_{n}"))
