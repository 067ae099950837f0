import pytest

from guardrails.rules.check import broken_conventions
from guardrails.rules.model import Subject
from guardrails.rules.registry import RULES
from tools.plan.model import ExtractionPlan

CLEAN = '''
def load(path: str) -> str:
    """Read a file.

    Args:
        path: Of the file.

    Returns:
        Its text.
    """
    return path
'''


def codes(path: str, text: str) -> list[str]:
    found = broken_conventions(Subject(files={path: text}))
    return [f"{d.code}:{d.line}" for d in found if d.code not in ("G001", "G011")]


def test_codes_are_stable_and_unique() -> None:
    assert [rule.code for rule in RULES] == [f"G{number:03d}" for number in range(1, len(RULES) + 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CLEAN, []),
        ("from numpy import *\n", ["G003:1"]),
        ("from numpy import array\n", []),
        ("def _f() -> None:\n    print(1)\n", ["G004:2"]),
        ("def _f() -> None:\n    log.info('print')\n", []),
        ("PATH = '/home/ann/data.csv'\n", ["G005:1"]),
        ("PATH = 'data/a.csv'\nSEPARATOR = '/'\n", []),
        ("KEY = 'AKIAABCDEFGHIJKLMNOP'\n", ["G006:1"]),
        ('def f(a):\n    """Do.\n\n    Args:\n        a: A.\n    """\n', ["G007:1", "G007:1"]),
        ("def f() -> None:\n    pass\n", ["G008:1"]),
        (CLEAN.replace("path: Of", "file: Of"), ["G008:2", "G008:2"]),
        (CLEAN.replace("load(path", "_load(path").replace("Args", "Arguments"), []),
        ("CACHE = {}\n", ["G009:1"]),
        ("NAMES = ('a', 'b')\n__all__ = ['f']\n", []),
        ("def _f() -> None:\n    global n\n    n = 1\n", ["G009:2"]),
        ("def _f() -> None:\n    Forest(n_estimators=300)\n", ["G010:2"]),
        ("def _f(n: int) -> None:\n    Forest(n_estimators=n, max_depth=None)\n", []),
    ],
)
def test_a_rule_finds_what_breaks_it_and_nothing_else(text: str, found: list[str]) -> None:
    assert codes("src/data/loader.py", text) == found


@pytest.mark.parametrize(
    ("line", "broken"),
    [("mlflow==3.17.2", False), ("mlflow>=3", True), ("mlflow", True), ("-r requirements.txt", False), ("# a", False)],
)
def test_requirements_have_one_exact_version(line: str, broken: bool) -> None:
    assert bool(codes("requirements.txt", f"{line}\n")) == broken


def test_training_tracks_parameters_metrics_and_model() -> None:
    found = broken_conventions(Subject(files={"src/training/train.py": "mlflow.log_params({})\n"}))

    assert [d.message.split(":")[0] for d in found if d.code == "G011"] == [
        "training does not log metrics to MLflow",
        "training does not log the model to MLflow",
    ]


def test_a_seed_that_nothing_reads_is_found() -> None:
    unread = Subject(files={"configs/default.yaml": "data: {}\nseed: 1\n", "src/config.py": "seed: int\n"})
    read = Subject(files={**unread.files, "src/training/train.py": "set_seed(config.seed)\n"})

    assert [d.line for d in broken_conventions(unread) if d.code == "G012"] == [2]
    assert not [d for d in broken_conventions(read) if d.code == "G012"]


def test_a_missing_file_goes_to_the_step_that_writes_it() -> None:
    recorded = Subject(files={"tests/recorded.json": "{}\n"})
    steps = {d.file: d.step for d in broken_conventions(recorded) if d.code == "G001"}

    assert steps["EXTRACTION_PLAN.md"] == "extract"
    assert steps["src/config.py"] == "structure"
    assert steps["tests/test_data.py"] == "test"
    assert steps["MLproject"] == "pipeline-config"


def test_without_recorded_values_there_are_no_tests_of_values() -> None:
    missing = {d.file for d in broken_conventions(Subject(files={})) if d.code == "G001"}

    assert "tests/test_training.py" in missing
    assert not missing & {"tests/test_data.py", "tests/test_model.py"}


def test_what_is_carried_over_from_the_user_only_warns() -> None:
    plan = ExtractionPlan(project="p", local_modules=(("src/helpers.py", "helpers.py"),))

    found = broken_conventions(Subject(files={"src/helpers.py": "CACHE = {}\n"}, plan=plan))

    assert {d.severity for d in found if d.code == "G009"} == {"warning"}
