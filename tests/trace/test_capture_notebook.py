"""Values recorded under injected randomness: repeatable, and different under another seed."""

import json
from pathlib import Path

from traced import captured, notebook

from tools.trace.layout import levels_up
from tools.trace.model import CapturePoint

RANDOM = (
    "import random, uuid\nimport numpy as np\nfrom numpy.random import default_rng",
    "values = [np.random.rand(), random.random(), default_rng().random(), random.Random().random(),\n"
    "          np.random.RandomState().rand(), np.random.Generator(np.random.PCG64()).random(), uuid.uuid4().int]",
    "fixed = [np.random.default_rng(3).random(), random.Random(3).random()]",
)
VALUES = [
    CapturePoint(key="values", statement="c2.s1", variable="values"),
    CapturePoint(key="fixed", statement="c3.s1", variable="fixed"),
]


def test_what_nobody_seeded_is_repeatable(tmp_path: Path) -> None:
    first, again, other = (
        captured(tmp_path / name, VALUES, *RANDOM, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )

    assert first.status == "ran"
    assert first.values["values"].value.fingerprint == again.values["values"].value.fingerprint
    assert first.generators == again.generators
    assert first.generators != other.generators
    same = set(first.values["values"].numbers.values()) & set(other.values["values"].numbers.values())
    assert not same, "another seed changes every one"


def test_what_the_author_seeded_stays(tmp_path: Path) -> None:
    first, other = (captured(tmp_path / str(seed), VALUES, *RANDOM, seed=seed) for seed in (1, 2))

    assert first.values["fixed"].value.fingerprint == other.values["fixed"].value.fingerprint


def test_a_dropped_statement_is_not_run(tmp_path: Path) -> None:
    points = [CapturePoint(key="a", statement="c1.s2", variable="a")]

    assert captured(tmp_path, points, "a = 1\na += 1").values["a"].number == 2
    assert captured(tmp_path, points, "a = 1\na += 1\nb = 1/0", without="c1.s3").status == "ran"
    assert captured(tmp_path, points, "a = 1\na += 1", without="c1.s2").values == {}


def test_an_expression_is_recorded_in_place_and_once(tmp_path: Path) -> None:
    code = "calls = []\ndef f(x):\n    calls.append(x)\n    return x / 2\nprint('é', f(3))\nlen(calls)"
    points = [
        CapturePoint(key="half", statement="c1.s3", span=(1, 12, 1, 16)),
        CapturePoint(key="times", statement="c1.s3", variable="calls"),
    ]

    found = captured(tmp_path, points, code)

    assert found.values["half"].number == 1.5
    assert found.values["times"].value.literal == "[3]"


def test_every_value_of_a_loop_is_kept(tmp_path: Path) -> None:
    points = [CapturePoint(key="square", statement="c1.s1", span=(2, 10, 2, 15))]

    found = captured(tmp_path, points, "for i in range(3):\n    print(i * i)").values["square"]

    assert found.numbers == {"0": 0.0, "1": 1.0, "2": 4.0}
    detail = json.loads((tmp_path / "captured-1-" / found.detail).read_text())
    assert [item["value"] for item in detail["items"]] == [0, 1, 4]


def test_values_before_a_failure_are_kept(tmp_path: Path) -> None:
    points = [CapturePoint(key="a", statement="c1.s1", variable="a")]

    found = captured(tmp_path, points, "a = 1\n1/0")

    assert found.status == "failed"
    assert found.error is not None
    assert found.error.kind == "ZeroDivisionError"
    assert found.values["a"].number == 1


def test_values_that_cannot_be_pickled(tmp_path: Path) -> None:
    points = [CapturePoint(key=name, statement="c1.s3", variable=name) for name in ("lock", "made")]

    found = captured(tmp_path, points, "import threading\nlock = threading.Lock()\nmade = (i for i in range(2))")

    assert set(found.values) == {"lock", "made"}


def test_folders_above_that_a_notebook_reaches(tmp_path: Path) -> None:
    levels = {
        "open('data.csv')": 0,
        "pd.read_csv('../data/x.csv')": 1,
        "sys.path.append('../..')": 2,
        "os.path.join('..', 'data')": 1,
        "root = Path.cwd().parent": 1,
        "root = Path().resolve().parents[1]": 2,
        "node.parent": 0,
        "print('wait...')": 0,
    }

    assert {code: levels_up(notebook(tmp_path, code)) for code in levels} == levels
