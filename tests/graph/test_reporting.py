"""A secret in the notebook stays out of what is shared."""

from graph.reporting import convention_rows, masked
from tools.checks.model import CheckResult, Diagnostic

TOKEN = "ghp_" + "a1B2" * 10


def test_every_text_of_a_model_is_masked() -> None:
    found = Diagnostic(code="G006", message=f"line 3: key = '{TOKEN}'", file="src/data/loader.py", line=3)

    result = masked(CheckResult(name="conventions", status="failed", summary=TOKEN, diagnostics=(found,)))

    assert TOKEN not in result.model_dump_json()
    assert result.diagnostics[0].message.startswith("line 3: key = ")
    assert result.diagnostics[0].line == 3


def test_a_model_without_secrets_is_the_same() -> None:
    found = Diagnostic(code="G006", message="nothing to hide", file="a.py")

    assert masked(found) == found


def test_each_line_of_the_conventions_has_its_rules_or_none() -> None:
    text = "## Structure\n- src/ → code\n- docs/ → pages\n## Required\n- Type hints\n- Be kind\n"
    found = [
        Diagnostic(code="G007", message="m", check="conventions"),
        Diagnostic(code="G013", message="m", check="conventions", file="docs/"),
    ]

    rows = convention_rows(text, found)

    assert [(row.line, row.rules, row.broken) for row in rows] == [
        (2, ("G013 team-structure",), 0),
        (3, ("G013 team-structure",), 1),
        (5, ("G007 type-hints",), 1),
        (6, (), 0),
    ]
