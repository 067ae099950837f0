"""No key of the team files is read and then ignored: each has a test that shows what it does."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from tools.team.model import ArchitectConfig, PipelineFile

LLM = "tests/agents/test_llm.py"
STEPS = "tests/graph/test_team_steps.py"
LOOP = "tests/graph/test_loop.py"
RULES = "tests/guardrails/test_guardrail_rules.py"
DEMANDED = "tests/checks/test_mutation_score_demanded.py"
BUDGET = "tests/graph/test_budget.py"

EFFECTS = {
    "llm.model": f"{STEPS}::test_a_step_has_its_own_model_and_an_agent_too",
    "llm.api_key_env": f"{LLM}::test_no_model_and_no_key_are_said_before_work_begins",
    "llm.base_url": f"{LLM}::test_an_answer_is_validated_and_counted",
    "llm.share": "tests/agents/test_compact_facts.py::test_more_is_shared_only_where_that_is_asked_for",
    "llm.timeout": f"{LLM}::test_a_model_that_stays_away_gives_a_sentence_and_no_exception",
    "llm.max_retries": f"{LLM}::test_rate_limits_are_waited_for",
    "llm.temperature": f"{STEPS}::test_a_step_has_its_own_model_and_an_agent_too",
    "llm.agents.model": f"{STEPS}::test_a_step_has_its_own_model_and_an_agent_too",
    "llm.agents.temperature": f"{STEPS}::test_a_step_has_its_own_model_and_an_agent_too",
    "guardrails.protected_files": f"{LOOP}::test_a_protected_file_is_never_written",
    "guardrails.sensitive_files": "tests/guardrails/test_user_files.py::test_a_sensitive_notebook_is_refused",
    "guardrails.code_rules.pattern": f"{RULES}::test_a_rule_tells_code_from_comments_strings_and_other_names",
    "guardrails.code_rules.message": f"{RULES}::test_severity_and_owner_reach_the_diagnostic",
    "guardrails.code_rules.severity": f"{RULES}::test_severity_and_owner_reach_the_diagnostic",
    "guardrails.code_rules.files": f"{LOOP}::test_a_teams_code_rule_sends_its_step_back",
    "guardrails.max_files_modified": f"{STEPS}::test_a_step_that_changes_too_much_is_told",
    "guardrails.max_lines_changed": f"{STEPS}::test_a_step_that_changes_too_much_is_told",
    "budget.max_seconds": f"{BUDGET}::test_a_run_inside_a_step_is_ended_when_the_budget_of_time_is_spent",
    "budget.max_rounds": f"{LOOP}::test_rounds_are_bounded",
    "budget.max_attempts": f"{LOOP}::test_a_fault_that_nothing_mends_ends_failed_with_the_reason_of_the_budget",
    "budget.max_tokens": f"{BUDGET}::test_each_limit_ends_the_run",
    "budget.max_usd": f"{BUDGET}::test_each_limit_ends_the_run",
    "budget.run_seconds": f"{BUDGET}::test_one_run_has_its_own_limit",
    "limits.memory_mb": f"{BUDGET}::test_limits_reach_the_runs",
    "limits.processes": f"{BUDGET}::test_limits_reach_the_runs",
    "limits.file_mb": f"{BUDGET}::test_limits_reach_the_runs",
    "limits.disk_mb": f"{BUDGET}::test_limits_reach_the_runs",
    "limits.sandbox": f"{BUDGET}::test_limits_reach_the_runs",
    "checks.skip": "tests/agents/test_reviewer.py::test_a_check_that_the_team_leaves_out_is_a_proof_less",
    "checks.mutation_score": f"{DEMANDED}::test_a_low_score_is_an_error_where_one_is_asked_for",
    "tracking.trace": "tests/graph/test_tracing.py::test_one_switch_leaves_no_trace",
    "tracking.uri": "tests/graph/test_tracing.py::test_a_store_that_cannot_be_used_is_told_and_spoils_nothing",
    "name": "tests/team/test_config_lines.py::test_the_steps_in_force_are_shown",
    "variables": f"{STEPS}::test_the_words_reach_the_step_with_variables_filled_in",
    "steps.name": f"{STEPS}::test_the_words_reach_the_step_with_variables_filled_in",
    "steps.agent": f"{STEPS}::test_steps_that_name_what_there_is_not_are_refused",
    "steps.task": f"{STEPS}::test_the_words_reach_the_step_with_variables_filled_in",
    "steps.model": f"{STEPS}::test_a_step_has_its_own_model_and_an_agent_too",
    "steps.condition": f"{STEPS}::test_a_step_whose_condition_fails_is_left_out_and_the_run_proves_less",
    "steps.checks": f"{STEPS}::test_a_failing_check_sends_its_step_back_with_what_it_said",
    "steps.checkpoint": f"{STEPS}::test_a_checkpoint_names_its_commit",
    "steps.timeout": f"{STEPS}::test_a_check_that_never_ends_is_ended_at_the_timeout_of_its_step",
    "steps.output_var": f"{STEPS}::test_what_a_step_said_is_a_variable_of_later_steps",
}
"""The test that shows what a key does, by the key's path."""

UNUSED: set[str] = set()
"""Keys that are validated and that nothing asks for yet."""


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Yield the path of every key that a file may have."""
    for name, field in model.model_fields.items():
        types = (field.annotation, *get_args(field.annotation))
        inner = next((found for found in types if isinstance(found, type) and issubclass(found, BaseModel)), None)
        if inner is None:
            yield f"{above}{name}"
        else:
            yield from keys(inner, f"{above}{name}.")


def test_every_key_is_listed_and_no_other() -> None:
    assert {*keys(ArchitectConfig), *keys(PipelineFile)} == {*EFFECTS, *UNUSED}


@pytest.mark.parametrize("place", sorted(set(EFFECTS.values())))
def test_the_test_that_shows_it_exists(place: str) -> None:
    path, _, name = place.partition("::")
    text = (Path(__file__).parents[2] / path).read_text()

    assert f"def {name}(" in text
