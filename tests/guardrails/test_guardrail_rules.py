from pathlib import Path

import pytest

from guardrails.code_rules import broken_rules, code_only
from guardrails.protected_files import refuse_protected
from guardrails.untouched import protected_files
from tools.errors import ExitCode, UserError
from tools.path_patterns import matches
from tools.secrets import find_secrets, redact
from tools.team.model import CodeRule
from tools.workspace import Workspace

PRINT = CodeRule(pattern=r"print\(", message="Use structlog instead of print", severity="warn")
STAR = CodeRule(pattern=r"from .* import \*", message="No wildcard imports")


@pytest.mark.parametrize(
    "path",
    [
        "experiment.ipynb",
        "work/experiment.ipynb",
        "data/a.csv",
        "data/deep/a.bin",
        "A.CSV",
        "a.csv",
        "ｄａｔａ/x",
    ],
)
def test_protected_paths_match(path: str) -> None:
    assert matches(path, ["experiment.ipynb", "data/**", "*.csv"])


@pytest.mark.parametrize(
    "path", ["experiment2.ipynb", "src/database.py", "src/data/loader.py", "csv", "metadata/x", "a.csv.py"]
)
def test_other_paths_do_not(path: str) -> None:
    assert not matches(path, ["experiment.ipynb", "data/**", "*.csv"])


def test_the_workspace_refuses_protected_files(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "out", guards=[refuse_protected(["*.csv"])])
    workspace.create()

    with pytest.raises(UserError, match=r"protected by `\*\.csv`") as error:
        workspace.write({"data/x.CSV": "1"})

    assert error.value.code is ExitCode.GUARDRAIL
    assert workspace.files() == []


def test_protected_files_are_found_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a.bin").write_text("1")
    (tmp_path / "b.csv").write_text("1")
    (tmp_path / "c.py").write_text("1")

    assert protected_files(tmp_path, ("data/**", "*.csv")) == [tmp_path / "b.csv", tmp_path / "data/raw/a.bin"]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("print('a')\n", [1]),
        ("x = 1\nprint (x)\n", [2]),
        ("if x:\n    print(\n        x)\n", [2]),
        ("# print(x)\n", []),
        ("text = 'print(x)'\n", []),
        ('"""A docstring about print(x)."""\n', []),
        ("pprint(x)\n", []),
        ("log.print(x)\n", []),
    ],
)
def test_a_rule_tells_code_from_comments_strings_and_other_names(code: str, lines: list[int]) -> None:
    assert [found.line for found in broken_rules({"src/a.py": code}, [PRINT], {})] == lines


def test_severity_and_owner_reach_the_diagnostic() -> None:
    found = broken_rules({"src/a.py": "from os import *\nprint(1)\n"}, [STAR, PRINT], {"src/a.py": "structure"})

    assert [(d.code, d.severity, d.step) for d in found] == [
        ("code-rule-1", "error", "structure"),
        ("code-rule-2", "warning", "structure"),
    ]


def test_positions_are_kept_when_strings_are_blanked() -> None:
    source = 'a = \'bc\' # d\ne = """f\ng"""\n'

    assert code_only(source) == 'a = \'  \'    \ne = """ \n """\n'


@pytest.mark.parametrize(
    "text",
    [
        "key = 'AKIA" + "ABCDEFGHIJKLMNOP'",
        "os.environ['API_KEY'] = 'q8Zr4TnX0pLw7Vb2'",
        'password = "hunter2-Xy9!"',
        "url = 'postgres://bob:s3cr3t-pw@host/db'",
        "client = OpenAI(api_key='sk-" + "a1B2c3D4e5F6g7H8i9J0k1L2')",
    ],
)
def test_secrets_are_found_and_removed(text: str) -> None:
    (secret,) = find_secrets(text)

    assert text[secret.start : secret.end] not in redact(text)
    assert "[secret removed]" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "api_key = 'YOUR_API_KEY'",
        "token = os.environ['TOKEN']",
        "password = getpass()",
        "tokenizer = 'bert-base'",
        "x = 'abc'",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text
