from pathlib import Path

from tools.team.find import load_team_files
from tools.team.init import write_team_files
from tools.team.model import ArchitectConfig


def test_the_defaults_written_are_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert [path.name for path in write_team_files(tmp_path)] == [
        ".architect.yaml",
        ".architect.md",
        "ml-productionize.yaml",
    ]

    found = load_team_files(tmp_path)
    plain = found.config.model_copy(
        update={"guardrails": found.config.guardrails.model_copy(update={"code_rules": ()})}
    )
    assert plain == ArchitectConfig()
    assert [step.name for step in found.pipeline.steps] == ["extract", "structure", "harden", "test", "pipeline-config"]


def test_files_that_are_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".architect.md").write_text("ours")

    write_team_files(tmp_path)

    assert (tmp_path / ".architect.md").read_text() == "ours"
