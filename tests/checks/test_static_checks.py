"""Lint, format and tests on a tiny repository with one fault of each kind."""

import fcntl
from pathlib import Path

import pytest

from tools.checks.lint import check_format, check_lint
from tools.checks.request import CheckRequest
from tools.checks.tests import check_tests
from tools.checks.types import check_types
from tools.environment import Interpreter, PackageEnvironment, find_interpreter
from tools.sandbox import Completed, Limits

FILES = {
    "pyproject.toml": """[tool.ruff.lint]
select = ["F", "D103"]
per-file-ignores = {"tests/*" = ["D"]}
[tool.pytest.ini_options]
pythonpath = ["."]
""",
    "src/__init__.py": "",
    "src/loader.py": "def load(n: int) -> int:\n    return 1 // n\n",
    "tests/test_data.py": "def test_one() -> None:\n    assert True\n",
}


@pytest.fixture
def request_(tmp_path: Path) -> CheckRequest:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    environment = PackageEnvironment(interpreter=find_interpreter(None, None))
    return CheckRequest(tree=tmp_path, environment=environment, limits=Limits(seconds=120))


def test_lint_follows_the_settings_of_the_repository(request_: CheckRequest) -> None:
    (request_.tree / "src/loader.py").write_text("import os\n\n\ndef load() -> int:\n    return missing\n")

    found = check_lint(request_).result

    assert found.status == "failed"
    assert [(d.code, d.file, d.line, d.step) for d in found.diagnostics] == [
        ("F401", "src/loader.py", 1, "structure"),
        ("D103", "src/loader.py", 4, "harden"),
        ("F821", "src/loader.py", 5, "structure"),
    ]


def test_format_names_the_files(request_: CheckRequest) -> None:
    assert check_format(request_).result.status == "passed"

    (request_.tree / "tests/test_data.py").write_text("def test_one( ):\n  pass\n")

    assert [(d.file, d.step) for d in check_format(request_).result.diagnostics] == [("tests/test_data.py", "test")]


def test_a_repository_that_ruff_cannot_read_is_a_finding(request_: CheckRequest) -> None:
    (request_.tree / "pyproject.toml").write_text("[tool.ruff\n")

    (finding,) = check_lint(request_).result.diagnostics

    assert finding.step == "pipeline-config"


def test_a_failing_test_belongs_to_tests_unless_the_package_raises(request_: CheckRequest) -> None:
    (request_.tree / "tests/test_data.py").write_text(
        "from src.loader import load\n\n\ndef test_a() -> None:\n    assert load(1) == 2\n\n\n"
        "def test_b() -> None:\n    load(0)\n\n\ndef test_c() -> None:\n    pass\n"
    )

    found = check_tests(request_).result

    assert found.summary == "1 passed, 2 failed"
    assert [(d.code, d.step, d.file) for d in found.diagnostics] == [
        ("pytest", "test", "tests/test_data.py"),
        ("ZeroDivisionError", "structure", "tests/test_data.py"),
    ]
    assert found.diagnostics[0].message.startswith("tests/test_data.py::test_a: ")
    assert "(raised in src/loader.py:2)" in found.diagnostics[1].message
    assert not (request_.tree / "pytest-report.xml").exists()


def test_tests_that_cannot_be_collected_are_a_finding(request_: CheckRequest) -> None:
    (request_.tree / "tests/test_data.py").write_text("import nowhere\n")

    found = check_tests(request_).result

    assert found.status == "failed"
    assert found.diagnostics[0].step == "test"


def test_no_tests_at_all_are_a_finding(request_: CheckRequest) -> None:
    (request_.tree / "tests/test_data.py").unlink()

    assert [d.step for d in check_tests(request_).result.diagnostics] == ["test"]


def test_without_pytest_the_tests_are_skipped_with_the_reason(request_: CheckRequest) -> None:
    environment = PackageEnvironment(
        interpreter=Interpreter(path="/usr/bin/python3", version="3.11"), missing={"pytest": "could not be added"}
    )

    found = check_tests(request_.model_copy(update={"environment": environment})).result

    assert (found.status, found.summary) == ("skipped", "pytest could not be added")


def test_types_of_two_repositories_are_never_checked_at_once(
    request_: CheckRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    seen = []

    def run(argv: list[str], **_: object) -> Completed:
        cache = Path(argv[argv.index("--cache-dir") + 1])
        with cache.with_name(f"{cache.name}.lock").open("w") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        seen.append(cache.is_dir())
        return Completed(code=0, stdout="", stderr="", seconds=0.1)

    monkeypatch.setattr("tools.checks.types.run", run)
    assert check_types(request_).result.status == "passed"
    assert seen == [True]
