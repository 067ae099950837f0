import pytest

from tools.errors import UserError
from tools.team.model import TeamFiles
from tools.team.override import from_environment, overridden


def test_the_environment_names_keys_with_double_underscores() -> None:
    environment = {"ML_PRODUCTIONIZE_BUDGET__MAX_ROUNDS": "3", "ML_PRODUCTIONIZE_HOME": "/x", "PATH": "/bin"}

    assert from_environment(environment) == {"budget.max_rounds": "3"}


def test_the_command_line_comes_after_the_environment() -> None:
    files = overridden(TeamFiles(), {"budget.max_rounds": "3", "llm.model": "openai/a"}, "environment")
    files = overridden(files, {"budget.max_rounds": "5"}, "command line")

    assert files.config.budget.max_rounds == 5
    assert files.config.llm.model == "openai/a"
    assert files.origin == {"budget.max_rounds": "command line", "llm.model": "environment"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("budget.max_round", "3", "did you mean `max_rounds`?"),
        ("budgets.max_rounds", "3", "did you mean `budget`?"),
        ("budget.max_rounds", "many", "valid integer"),
        ("budget.max_rounds.x", "1", "unknown key"),
    ],
)
def test_wrong_overrides_are_refused(key: str, value: str, words: str) -> None:
    with pytest.raises(UserError, match="command line") as error:
        overridden(TeamFiles(), {key: value}, "command line")

    assert words in str(error.value)
