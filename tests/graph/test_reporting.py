"""A secret in the notebook stays out of what is shared."""

from graph.reporting import masked
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
