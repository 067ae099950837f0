from pathlib import Path

import pytest

from tools.errors import UserError
from tools.team.find import load_team_files

SEED = Path(__file__).parent / "seed"


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def test_the_three_files_of_the_seed_are_read_as_they_stand() -> None:
    found = load_team_files(SEED)

    assert found.config.llm.model == "openai/gpt-4.1"
    assert found.config.llm.api_key_env == "OPENAI_API_KEY"
    assert found.config.guardrails.protected_files == ("experiment.ipynb", "data/**", "*.csv", "*.parquet")
    assert [(r.message, r.severity) for r in found.config.guardrails.code_rules] == [
        ("No wildcard imports", "block"),
        ("Use structlog instead of print", "warn"),
    ]
    assert [step.name for step in found.pipeline.steps] == ["extract", "structure", "harden", "test", "pipeline-config"]
    assert all(step.agent == "build" and step.task for step in found.pipeline.steps)
    assert "No wildcard imports" in found.conventions


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    found = load_team_files(tmp_path)

    assert found.sources == {}
    assert found.config.llm.model == "none"
    assert len(found.pipeline.steps) == 5


def test_files_are_found_up_the_tree_to_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, ".architect.yaml", "budget: {max_rounds: 1}\n")
    write(tmp_path / "repo", ".architect.yaml", "budget: {max_rounds: 2}\n")
    (tmp_path / "repo/.git").mkdir()
    (tmp_path / "repo/a/b").mkdir(parents=True)

    assert load_team_files(tmp_path / "repo/a/b").config.budget.max_rounds == 2


def test_a_file_above_the_repository_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, ".architect.yaml", "budget: {max_rounds: 1}\n")
    (tmp_path / "repo/.git").mkdir(parents=True)

    assert load_team_files(tmp_path / "repo").sources == {}


def test_conventions_fall_back_to_the_agents_file(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, "AGENTS.md", "# Rules\n")
    assert load_team_files(tmp_path).conventions == "# Rules\n"

    write(tmp_path, ".architect.md", "# Ours\n")
    assert load_team_files(tmp_path).conventions == "# Ours\n"


def test_where_a_value_came_from_is_known(tmp_path: Path) -> None:
    path = write(tmp_path, ".architect.yaml", "llm:\n  model: openai/x\nbudget:\n  max_rounds: 3\n")

    assert load_team_files(tmp_path).origin == {"llm.model": f"{path}:2", "budget.max_rounds": f"{path}:4"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("llm:\n  modle: x\n", ":2: unknown key `llm.modle`: did you mean `model`?"),
        ("guardrials: {}\n", ":1: unknown key `guardrials`: did you mean `guardrails`?"),
        ("budget:\n  max_rounds: many\n", ":2: `budget.max_rounds`: Input should be a valid integer"),
        ("budget: {max_rounds: 0}\n", "greater than or equal to 1"),
        ("guardrails:\n  code_rules:\n    - pattern: '('\n      message: m\n", "is no regular expression"),
        (
            "guardrails:\n  code_rules:\n    - patern: x\n      message: m\n",
            "unknown key `guardrails.code_rules.0.patern`",
        ),
        (
            "guardrails:\n  code_rules:\n    - pattern: x\n      message: m\n      severity: fatal\n",
            "'block' or 'warn'",
        ),
        ("llm: [1\n", "not valid YAML"),
        ("llm: {model: a, model: b}\n", "stands here twice"),
        ("- a\n", "expected keys and values"),
        ("llm: !!python/object:os.system x\n", "has an unknown type"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_the_nearest_key(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path, ".architect.yaml", text)

    with pytest.raises(UserError) as error:
        load_team_files(tmp_path)

    assert words in str(error.value)
    assert str(error.value).startswith(str(path))


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    write(tmp_path, ".architect.yaml", "\n".join(lines))

    with pytest.raises(UserError, match="too many or too deeply nested"):
        load_team_files(tmp_path)


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        load_team_files(tmp_path, config=str(tmp_path / "nowhere.yaml"))


def test_prompt_is_taken_for_task_and_not_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "ml-productionize.yaml", "steps:\n  - {name: extract, prompt: do it}\n")
    assert load_team_files(tmp_path).pipeline.steps[0].task == "do it"

    write(tmp_path, "ml-productionize.yaml", "steps:\n  - {name: extract, prompt: a, task: b}\n")
    with pytest.raises(UserError, match="not both"):
        load_team_files(tmp_path)
