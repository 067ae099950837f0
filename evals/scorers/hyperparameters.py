"""Do the constants end up in the configuration?"""

import ast
import re
from collections.abc import Mapping
from typing import Any

from evals.expected import ExpectedSetting, alternatives
from evals.model import NOTHING, Judgement, RunRecord, Sample


def score_hyperparameters(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the expected constants that the plan names with the right value."""
    if sample.expected is None or not sample.expected.hyperparameters:
        return NOTHING
    found = record.plan.get("hyperparameters") or ()
    missed = [
        wanted.name for wanted in sample.expected.hyperparameters if not any(_matches(wanted, one) for one in found)
    ]
    total = len(sample.expected.hyperparameters)
    return Judgement(value=(total - len(missed)) / total, detail=f"missing: {', '.join(missed)}" if missed else "")


def _matches(wanted: ExpectedSetting, found: Mapping[str, Any]) -> bool:
    value = _literal(found.get("value"))
    name = str(found.get("name", ""))
    if isinstance(value, dict):
        return any(_named(wanted, str(key)) and _equal(wanted.value, inner) for key, inner in value.items())
    return _equal(wanted.value, value) and _named(wanted, name)


def _named(wanted: ExpectedSetting, name: str) -> bool:
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    synonyms = {"seed": ("randomstate",), "path": ("file", "csv", "url", "data")}
    return any(
        re.sub(r"[^a-z0-9]", "", option) in letters or any(other in letters for other in synonyms.get(option, ()))
        for option in alternatives(wanted.name)
    )


def _equal(wanted: object, value: object) -> bool:
    if isinstance(wanted, list | tuple):
        return isinstance(value, list | tuple) and list(wanted) == list(value)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    return wanted == value


def _literal(value: object) -> object:
    """Return the value of a literal's source; other text stays text."""
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value
