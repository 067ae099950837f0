"""The budget of a run: what it may spend, what it has spent, and which limit ends it."""

from tools.frozen import Frozen
from tools.team.model import Budget


class Spent(Frozen):
    """What a run has spent so far.

    Attributes:
        seconds: By node name.
        tokens: By node name.
        usd: By node name.
    """

    seconds: dict[str, float] = {}
    tokens: dict[str, int] = {}
    usd: dict[str, float] = {}

    def add(self, node: str, seconds: float, tokens: int = 0, usd: float = 0.0) -> "Spent":
        """Return the account with one node's cost added."""
        return Spent(
            seconds={**self.seconds, node: round(self.seconds.get(node, 0.0) + seconds, 3)},
            tokens={**self.tokens, node: self.tokens.get(node, 0) + tokens} if tokens else self.tokens,
            usd={**self.usd, node: self.usd.get(node, 0.0) + usd} if usd else self.usd,
        )

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


def nearly_exhausted(budget: Budget, spent: Spent, share: float = 0.8) -> str:
    """Say which limit has been used up to a share of it, or return an empty string."""
    pairs = (
        ("seconds", spent.total_seconds(), budget.max_seconds),
        ("tokens", float(spent.total_tokens()), float(budget.max_tokens)),
        ("dollars", spent.total_usd(), budget.max_usd),
    )
    for unit, used, limit in pairs:
        if limit and used >= share * limit:
            return f"{used:.0f} of {limit:.0f} {unit} are spent"
    return ""


def remaining_seconds(budget: Budget, spent: Spent) -> float:
    """Return the wall time left for one run of foreign code."""
    left = budget.max_seconds - spent.total_seconds() if budget.max_seconds else budget.run_seconds
    return max(1.0, min(budget.run_seconds, left))
