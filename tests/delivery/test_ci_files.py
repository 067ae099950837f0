"""What a CI reads: JUnit XML, the step's summary, the workflow, exit codes."""

import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from graph.cli import app
from graph.finishing import refuse_unwritable, write_ci_files
from tools.checks.model import CheckResult, Diagnostic
from tools.delivery.deliver import code_of
from tools.delivery.junit import junit
from tools.delivery.step_summary import step_summary
from tools.errors import ExitCode, UserError

DOCS = Path(__file__).resolve().parents[2] / "docs"
TOKEN = "ghp_" + "a1B2" * 10
FOUND = Diagnostic(code="F821", message=f"<y> & '{TOKEN}' \x1b[31m", check="ruff", file="src/a.py", line=3)
RESULTS = (
    CheckResult(name="ruff", status="failed", seconds=1.5, summary="1 finding", diagnostics=(FOUND,)),
    CheckResult(name="mypy", status="passed", seconds=0.25, summary="clean | 3 files"),
    CheckResult(name="pytest", status="skipped", summary="not installed"),
)


def cases(text: str) -> dict[str, str]:
    suite = ET.fromstring(text)
    return {case.attrib["name"]: next((child.tag for child in case), "passed") for case in suite.iter("testcase")}


def test_each_check_and_the_verdict_are_test_cases() -> None:
    text = junit("failed", "ruff fails", RESULTS, [FOUND])

    suite = ET.fromstring(text)
    assert cases(text) == {"ruff": "failure", "mypy": "passed", "pytest": "skipped", "verdict": "failure"}
    assert [suite.attrib[name] for name in ("tests", "failures", "skipped", "errors")] == ["4", "2", "1", "0"]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text == r"src/a.py:3: F821 <y> & '[secret removed]' \x1b[31m"


@pytest.mark.parametrize("verdict, shown", [("verified", "passed"), ("unproven", "skipped"), ("failed", "failure")])
def test_only_verified_is_a_passed_verdict(verdict: str, shown: str) -> None:
    assert cases(junit(verdict, "", (), ()))["verdict"] == shown


def test_a_key_without_an_end_leaves_the_file_whole() -> None:
    found = FOUND.model_copy(update={"message": "-----BEGIN RSA PRIVATE KEY-----\nabc"})

    text = junit("failed", "", [RESULTS[0].model_copy(update={"diagnostics": (found,)})], ())

    assert "abc" not in text
    assert cases(text)["verdict"] == "failure"


def test_the_summary_is_a_table_that_no_text_breaks() -> None:
    text = step_summary("a.ipynb", "failed", "ruff fails", RESULTS, [FOUND])

    assert text.startswith("### a.ipynb: failed\n\nruff fails\n\n| check | result | |\n")
    assert "| mypy | passed | clean \\| 3 files |\n" in text
    assert "- src/a.py:3: F821: &lt;y>" in text
    assert TOKEN not in text


def test_the_summary_is_appended_where_the_ci_names_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    write_ci_files(tmp_path / "checks.xml", "a.ipynb", "verified", "", RESULTS[1:2], ())

    assert summary.read_text().startswith("before\n### a.ipynb: verified\n")
    assert cases((tmp_path / "checks.xml").read_text()) == {"mypy": "passed", "verdict": "passed"}


def test_files_that_cannot_be_written_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="cannot be written: name a file in a folder that is there"):
        refuse_unwritable(tmp_path / "nowhere" / "checks.xml")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(UserError, match="cannot be written"):
        write_ci_files(None, "a.ipynb", "verified", "", (), ())


def test_the_table_of_exit_codes_is_the_truth() -> None:
    text = (DOCS / "delivery.md").read_text()
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+) \|", text, re.MULTILINE)
    assert {name.upper().replace(" ", "_"): int(code) for code, name in rows} == {c.name: int(c) for c in ExitCode}

    line = re.search(r"^Exit codes .*?: (.*?)\n\n", (DOCS / "design.md").read_text(), re.MULTILINE | re.DOTALL)
    assert line is not None
    assert [int(part.split()[0]) for part in line[1].split("·")] == [int(code) for code in ExitCode]


def test_the_code_of_a_delivery_is_that_of_its_verdict() -> None:
    assert [int(code_of(verdict)) for verdict in ("verified", "unproven", "failed")] == [0, 5, 1]


def test_the_workflow_calls_the_command_as_it_is() -> None:
    workflow = yaml.safe_load((DOCS / "ci" / "productionize.yml").read_text())
    steps = workflow["jobs"]["productionize"]["steps"]
    calls = [shlex.split(step["run"]) for step in steps if "ml-productionize" in step.get("run", "")]
    assert [call[1] for call in calls] == ["run"]
    command = get_command(app).commands["run"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in calls[0] if word.startswith("--")} <= known
    assert not [step for step in steps if "${{" in step.get("run", "")], "an input in a script is run by the shell"
