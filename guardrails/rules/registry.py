"""The convention rules in the order of their codes. A new one is a file and a line here."""

from guardrails.rules import (
    absolute_paths,
    credentials,
    docstring_sections,
    docstrings,
    hard_coded,
    linted,
    mutable_globals,
    pinned_requirements,
    prints,
    prohibited_code,
    required_files,
    seeded,
    structure,
    tracked,
    type_hints,
    wildcard_import,
)
from guardrails.rules.model import Rule

RULES: tuple[Rule, ...] = (
    required_files.RULE,
    pinned_requirements.RULE,
    wildcard_import.RULE,
    prints.RULE,
    absolute_paths.RULE,
    credentials.RULE,
    type_hints.RULE,
    docstrings.RULE,
    mutable_globals.RULE,
    hard_coded.RULE,
    tracked.RULE,
    seeded.RULE,
    structure.RULE,
    prohibited_code.RULE,
    linted.RULE,
    docstring_sections.RULE,
)
