"""`.architect.md` line by line: sections, the rules that check a line, and each rule before and after."""

import subprocess
import sys
from pathlib import Path

import pytest

from guardrails.conventions import checked_by, read_conventions
from guardrails.rules.check import broken_conventions
from guardrails.rules.model import Rule, Subject
from guardrails.rules.page import page
from guardrails.rules.registry import RULES

ROOT = Path(__file__).parents[2]
SEED = (ROOT / "tests/team/seed/.architect.md").read_text()


def codes(text: str) -> dict[str, tuple[str, ...]]:
    compilers = {rule.code: rule.compiles for rule in RULES}
    return {line.text: found for line, found in checked_by(read_conventions(text), compilers)}


def broken(path: str, text: str, conventions: str = "", code: str = "") -> list[tuple[str, int, str]]:
    files = {path: text} if text else {}
    found = broken_conventions(Subject(files=files, conventions=read_conventions(conventions)))
    return [(d.code, d.line, d.severity) for d in found if d.code == code]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_finds_its_example_and_lets_the_mended_one_pass(rule: Rule) -> None:
    example = rule.example

    before = broken_conventions(_subject(rule, example.before), (rule,))
    after = broken_conventions(_subject(rule, example.after), (rule,))

    assert [d for d in before if d.file.startswith(example.path.split("/")[0])]
    assert not [d for d in after if d.file.startswith(example.path.split("/")[0])]


def _subject(rule: Rule, text: str) -> Subject:
    files = {rule.example.path: text} if text else {}
    return Subject(files=files, conventions=read_conventions(rule.example.conventions))


def test_the_page_is_current() -> None:
    assert (ROOT / "docs/rules.md").read_text() == page(), "run python -m guardrails.rules.page docs/rules.md"


def test_every_line_of_the_seeds_file_has_its_rule() -> None:
    assert codes(SEED) == {
        "src/data/ → data loading, preprocessing, feature engineering": ("G013",),
        "src/models/ → model definitions": ("G013",),
        "src/training/ → training loops, callbacks": ("G013",),
        "src/evaluation/ → metrics, evaluation logic": ("G013",),
        "configs/ → hydra/omegaconf configs": ("G013",),
        "tests/ → pytest tests": ("G013",),
        "Type hints on all public functions": ("G007",),
        "Google-style docstrings with Args/Returns/Raises": ("G008", "G016"),
        "Logging with structlog (no print)": ("G004",),
        "Externalized configs (no hardcoded hyperparams)": ("G010",),
        "Seed reproducibility (torch.manual_seed, np.random.seed)": ("G012",),
        "MLflow tracking in training loop (log_params, log_metrics, log_model)": ("G011",),
        "No wildcard imports (from x import *)": ("G003",),
        "No absolute paths": ("G005",),
        "No credentials in code": ("G006",),
        "No dependencies without pinned versions in requirements.txt": ("G002",),
        "No mutable globals": ("G009",),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## Prohibited\n- No `eval(` anywhere\n", ("G014", "G015")),
        ("## Never\n1. Call the database twice\n", ()),
        ("**Must:**\n* Prefer pathlib over os.path\n", ("G015",)),
        ("## Structure\n- docs/api/ -> pages\n", ("G013",)),
        ("## Structure\n- one module per concept\n", ()),
        ("## Style\n- Names in snake_case\n", ("G015",)),
        ("## Team\n- Ann leads\n", ()),
        ("## Required\n```\n- Type hints\n```\n", None),
    ],
)
def test_a_line_is_checked_by_its_section_and_words(text: str, found: tuple[str, ...] | None) -> None:
    assert list(codes(text).values()) == ([] if found is None else [found])


def test_prohibited_code_is_no_comment_no_string_and_no_other_name() -> None:
    conventions = "## Prohibited\n- No `iterrows`\n"
    text = "# iterrows\nx = 'iterrows'\nmy_iterrows = 1\nfor r in d.iterrows():\n    pass\n"

    assert broken("src/data/a.py", text, conventions, "G014") == [("G014", 4, "error")]


def test_ruff_blocks_what_is_prohibited_and_warns_of_what_is_asked_for() -> None:
    text = "import os\ntry:\n    os.getcwd()\nexcept:\n    pass\n"
    conventions = "## Required\n- pathlib\n## Prohibited\n- bare except\n"

    assert broken("src/data/a.py", text, conventions, "G015") == [("G015", 3, "warning"), ("G015", 4, "error")]


def test_a_folder_that_the_team_wants_and_nothing_fills_is_a_warning() -> None:
    conventions = "## Structure\n- src/data/ → data\n- notebooks/ → kept\n"

    assert broken("src/data/a.py", "x = 1\n", conventions, "G013") == [("G013", 0, "warning")]


def test_the_page_is_written_by_its_command(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "guardrails.rules.page", tmp_path / "rules.md"], cwd=ROOT, check=True)

    assert (tmp_path / "rules.md").read_text() == page()


def test_a_prohibited_built_in_is_no_method() -> None:
    assert broken("src/a.py", "model.eval()\neval (x)\n", "## Prohibited\n- `eval(`\n", "G014") == [
        ("G014", 2, "error")
    ]
