"""Scorers: `SCORERS` names each one; a new scorer is one file and one line here."""

from evals.model import Scorer
from evals.scorers.checks import score_checks
from evals.scorers.cost import score_tokens, score_usd
from evals.scorers.equivalence import score_equivalence
from evals.scorers.hyperparameters import score_hyperparameters
from evals.scorers.kept_dropped import score_kept_dropped
from evals.scorers.metrics import score_metrics
from evals.scorers.models import score_models
from evals.scorers.mutation import score_mutation
from evals.scorers.readability import score_readability
from evals.scorers.reviewer_warnings import score_warnings
from evals.scorers.roles import score_roles
from evals.scorers.seconds import score_seconds
from evals.scorers.size import score_size
from evals.scorers.verdict import score_verdict

SCORERS: dict[str, Scorer] = {
    "verdict": score_verdict,
    "equivalence": score_equivalence,
    "metrics": score_metrics,
    "kept_dropped": score_kept_dropped,
    "hyperparameters": score_hyperparameters,
    "roles": score_roles,
    "models": score_models,
    "warnings": score_warnings,
    "checks": score_checks,
    "mutation": score_mutation,
    "readability": score_readability,
    "seconds": score_seconds,
    "size": score_size,
    "tokens": score_tokens,
    "usd": score_usd,
}

GATES = ("verdict", "metrics")
"""A sample is as expected where each of these scores is 1 (or has nothing to judge)."""
