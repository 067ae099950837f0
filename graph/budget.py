"""The budget of a run: what it may spend, what it has spent, and which limit ends it."""

import time

from tools.frozen import Frozen
from tools.team.model import Budget


class Spent(Frozen):
    """What a run has spent so far.

    Attributes:
        seconds: By node name.
        tokens: By node name.
        usd: By node name.
        warned: Limits of which it was said already that little is left.
    """

    seconds: dict[str, float] = {}
    tokens: dict[str, int] = {}
    usd: dict[str, float] = {}
    warned: tuple[str, ...] = ()

    def add(self, node: str, seconds: float, tokens: int = 0, usd: float = 0.0) -> "Spent":
        """Return the account with one node's cost added."""
        return self.model_copy(
            update={
                "seconds": {**self.seconds, node: round(self.seconds.get(node, 0.0) + seconds, 3)},
                "tokens": {**self.tokens, node: self.tokens.get(node, 0) + tokens} if tokens else self.tokens,
                "usd": {**self.usd, node: self.usd.get(node, 0.0) + usd} if usd else self.usd,
            }
        )

    def by_node(self) -> dict[str, dict[str, float]]:
        """Return seconds, tokens and dollars of each node that spent something, in the order of their first turn."""
        names = dict.fromkeys((*self.seconds, *self.tokens, *self.usd))
        return {
            name: {
                "seconds": round(self.seconds.get(name, 0.0), 2),
                "tokens": self.tokens.get(name, 0),
                "usd": round(self.usd.get(name, 0.0), 6),
            }
            for name in names
        }

    def total_seconds(self) -> float:
        """Return the wall time of all nodes together."""
        return sum(self.seconds.values())

    def total_tokens(self) -> int:
        """Return the tokens of all nodes together."""
        return sum(self.tokens.values())

    def total_usd(self) -> float:
        """Return the dollars of all nodes together."""
        return sum(self.usd.values())


def exhausted(budget: Budget, spent: Spent, rounds: int) -> str:
    """Say which limit is reached, or return an empty string."""
    if budget.max_seconds and spent.total_seconds() >= budget.max_seconds:
        return f"{spent.total_seconds():.0f} s of {budget.max_seconds:.0f} s are spent (budget.max_seconds)"
    if rounds >= budget.max_rounds:
        return f"{rounds} of {budget.max_rounds} review rounds are spent (budget.max_rounds)"
    if budget.max_tokens and spent.total_tokens() >= budget.max_tokens:
        return f"{spent.total_tokens()} of {budget.max_tokens} tokens are spent (budget.max_tokens)"
    if budget.max_usd and spent.total_usd() >= budget.max_usd:
        return f"${spent.total_usd():.2f} of ${budget.max_usd:.2f} are spent (budget.max_usd)"
    return ""


def nearly_exhausted(budget: Budget, spent: Spent, rounds: int = 0, share: float = 0.8) -> dict[str, str]:
    """Return a sentence for each limit that has been used up to a share of it and was not yet warned of, by its key."""
    pairs = (
        ("max_seconds", spent.total_seconds(), budget.max_seconds, "{:.0f} of {:.0f} seconds"),
        ("max_rounds", float(rounds), float(budget.max_rounds), "{:.0f} of {:.0f} review rounds"),
        ("max_tokens", float(spent.total_tokens()), float(budget.max_tokens), "{:.0f} of {:.0f} tokens"),
        ("max_usd", spent.total_usd(), budget.max_usd, "${:.2f} of ${:.2f}"),
    )
    return {
        key: f"{said.format(used, limit)} are spent (budget.{key})"
        for key, used, limit, said in pairs
        if limit and used >= share * limit and key not in spent.warned
    }


def tokens_left(budget: Budget, spent: Spent) -> int | None:
    """Return the tokens that chat models may still take; None for any number."""
    return max(0, budget.max_tokens - spent.total_tokens()) if budget.max_tokens else None


def usd_left(budget: Budget, spent: Spent) -> float | None:
    """Return the dollars that chat models may still cost; None for any number."""
    return max(0.0, budget.max_usd - spent.total_usd()) if budget.max_usd else None


def remaining_seconds(budget: Budget, spent: Spent) -> float:
    """Return the wall time left for one run of foreign code."""
    left = budget.max_seconds - spent.total_seconds() if budget.max_seconds else budget.run_seconds
    return max(1.0, min(budget.run_seconds, left))


def deadline(budget: Budget, spent: Spent) -> float:
    """Return the moment of the monotonic clock at which the budget of time is spent; 0 where there is none."""
    return time.monotonic() + max(0.0, budget.max_seconds - spent.total_seconds()) if budget.max_seconds else 0.0
