"""Prompts are filled strictly, carry a version, and hold no secret."""

import pytest
from jinja2 import UndefinedError

from agents.prompting import prompt, system_prompt, version_of


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="facts"):
        prompt("system", conventions="")


def test_the_version_is_that_of_the_file_not_of_the_facts() -> None:
    one, other = system_prompt("- a"), system_prompt("- b", "Use polars.")

    assert one.version == other.version == version_of("system")
    assert len(one.version) == 12
    assert "Use polars." in other.text
    assert "Conventions" not in one.text


def test_secrets_are_masked_in_the_whole_text() -> None:
    key = "sk-" + "a1B2c3D4e5F6g7H8i9J0k1L2"

    assert key not in system_prompt(f"- {key}", f"our key is {key}").text
