"""Each scorer on results that are right, half right, wrong and missing."""

from pathlib import Path

import pytest

from evals.expected import Expected
from evals.model import RunRecord, Sample
from evals.scorers import SCORERS


def judge(scorer, expected=None, plan=None, run=None, out=Path("none"), **more):
    sample = Sample(
        name="s", notebook=Path("s.ipynb"), expected=Expected.model_validate(expected) if expected is not None else None
    )
    found = SCORERS[scorer](sample, RunRecord(plan=plan or {}, run=run or {}, out=out, **more))
    return found.value if found.value is None else round(found.value, 4)


STATEMENTS = {
    "statements": [{"id": "c1.s1", "kept": True}, {"id": "c1.s2", "kept": False}, {"id": "c10.s1", "kept": True}]
}


def settings(*pairs):
    return {"hyperparameters": [{"name": name, "value": value, "statement": "c1.s1"} for name, value in pairs]}


CASES = [
    ("verdict", {"verdict": "unproven"}, None, {"verdict": "unproven"}, 1.0),
    ("verdict", {}, None, {"verdict": "verified"}, 1.0),
    ("verdict", None, None, {"verdict": "verified"}, 1.0),
    ("verdict", None, None, {"verdict": "failed"}, 0.0),
    ("verdict", None, None, {}, 0.0),
    ("equivalence", None, None, {"equivalence": {"compared": 8, "equal": 6, "differences": ["x differs"]}}, 0.75),
    ("equivalence", None, None, {"equivalence": {"compared": 0, "equal": 0}}, None),
    ("equivalence", None, None, {}, None),
    (
        "metrics",
        {"metrics": {"accuracy": {"value": 0.9}}},
        None,
        {"metrics": {"package": {"forest.accuracy": 0.9}}},
        1.0,
    ),
    ("metrics", {"metrics": {"accuracy": {"value": 0.9}}}, None, {"metrics": {"package": {"accuracy": 0.91}}}, 0.0),
    (
        "metrics",
        {"metrics": {"accuracy": {"value": 0.9, "tolerance": 0.02}}},
        None,
        {"metrics": {"package": {"accuracy": 0.91}}},
        1.0,
    ),
    (
        "metrics",
        {"metrics": {"auc | roc_auc": {"value": 0.9}}},
        None,
        {"metrics": {"package": {"svc.roc_auc": 0.9}}},
        1.0,
    ),
    ("metrics", {"metrics": {"knn.f1": {"value": 0.5}}}, None, {"metrics": {"package": {"knn_f1": 0.5}}}, 1.0),
    ("metrics", {"metrics": {"f1": {"value": 0.5}}}, None, {"metrics": {"package": {"elf1": 0.5}}}, 0.0),
    (
        "metrics",
        {"metrics": {"a": {"value": 1}, "b": {"value": 2}}},
        None,
        {"metrics": {"package": {"a": 1, "b": float("nan")}}},
        0.5,
    ),
    ("metrics", {"metrics": {"a": {"value": 1}}}, None, {}, 0.0),
    ("metrics", {}, None, {}, None),
    ("kept_dropped", {"kept": ["c1.s1"], "dropped": ["c1.s2"]}, STATEMENTS, None, 1.0),
    ("kept_dropped", {"kept": ["c1"]}, STATEMENTS, None, 0.5),
    ("kept_dropped", {"dropped": ["c1", "c10"]}, STATEMENTS, None, 0.3333),
    ("kept_dropped", {"kept": ["c1"]}, None, None, 0.0),
    ("kept_dropped", {}, STATEMENTS, None, None),
    ("hyperparameters", {"hyperparameters": [{"name": "C", "value": 0.5}]}, settings(("svc.C", "0.5")), None, 1.0),
    ("hyperparameters", {"hyperparameters": [{"name": "C", "value": 0.5}]}, settings(("svc.C", "0.6")), None, 0.0),
    (
        "hyperparameters",
        {"hyperparameters": [{"name": "strategy", "value": "mean"}]},
        settings(("imputer_strategy", "'mean'")),
        None,
        1.0,
    ),
    (
        "hyperparameters",
        {"hyperparameters": [{"name": "seed", "value": 1}]},
        settings(("random_state", "1")),
        None,
        1.0,
    ),
    ("hyperparameters", {"hyperparameters": [{"name": "flag", "value": True}]}, settings(("flag", "1")), None, 0.0),
    (
        "hyperparameters",
        {"hyperparameters": [{"name": "alpha", "value": [1, 2]}]},
        settings(("grid", "{'m__alpha': [1, 2]}")),
        None,
        1.0,
    ),
    (
        "hyperparameters",
        {"hyperparameters": [{"name": "a", "value": 1}, {"name": "b", "value": 2}]},
        settings(("a", "1")),
        None,
        0.5,
    ),
    (
        "roles",
        {"roles": {"c1": ["import"], "c2": ["train"]}},
        {"cells": [{"index": 1, "roles": ["import"]}, {"index": 2, "roles": ["train"]}]},
        None,
        1.0,
    ),
    (
        "roles",
        {"roles": {"c1": ["import", "setup"]}},
        {"cells": [{"index": 1, "roles": ["import"]}, {"index": 2, "roles": ["train"]}]},
        None,
        0.6667,
    ),
    ("roles", {"roles": {"c1": ["import"]}}, {"cells": [{"index": 1, "roles": ["import", "explore"]}]}, None, 0.6667),
    ("roles", {"roles": {"c1": ["import"]}}, None, None, 0.0),
    ("models", {"models": ["svc | svm", "knn"]}, {"models": [{"name": "svm"}]}, None, 0.5),
    ("models", {"models": ["svc"]}, {"models": ["svc"]}, None, 1.0),
    ("warnings", {"warnings": ["leakage"]}, {"warnings": [{"code": "leakage", "message": "m"}]}, None, 1.0),
    (
        "warnings",
        {"warnings": ["leakage"], "order": "execution count"},
        {"warnings": [], "order": {"kind": "execution count"}},
        None,
        0.5,
    ),
    ("warnings", {}, None, None, None),
    (
        "checks",
        None,
        None,
        {
            "checks": [
                {"name": "ruff", "status": "passed"},
                {"name": "mypy", "status": "failed"},
                {"name": "x", "status": "skipped"},
            ]
        },
        0.5,
    ),
    ("checks", None, None, {}, 0.0),
    ("mutation", None, None, {"mutation_score": 0.9}, 0.9),
    ("mutation", None, None, {"mutation_score": None}, None),
    ("tokens", None, None, {"budget": {"spent": {"tokens": 1200}}}, 1200),
    ("usd", None, None, {"budget": {"spent": {"usd": 0}}}, None),
]


@pytest.mark.parametrize("scorer, expected, plan, run, value", CASES)
def test_a_scorer_gives(scorer, expected, plan, run, value):
    assert judge(scorer, expected, plan, run) == value


def test_size_counts_the_lines_of_code(tmp_path):
    (tmp_path / "src" / "data").mkdir(parents=True)
    (tmp_path / "src" / "data" / "loader.py").write_text("import os\n\n\nx = 1\n")
    assert judge("size", out=tmp_path) == 2
    assert judge("size", out=tmp_path / "none") is None


def test_seconds_is_the_time_of_the_run():
    assert judge("seconds", seconds=3.5) == 3.5


def test_every_scorer_stands_results_of_nothing_at_all():
    assert all(judge(name) is None or 0 <= judge(name) <= 1 for name in SCORERS)


@pytest.mark.parametrize(
    "code, value",
    [
        ('def f(x: int) -> int:\n    """Double."""\n    return 2 * x\n', 1.0),
        ("def f(x: int) -> int:\n    return 2 * x\n", 0.0),
        ('def f(x) -> int:\n    """Double."""\n    return 2 * x\n', 0.0),
        ('def f() -> None:\n    """Much."""\n' + "    print()\n" * 70, 0.0),
        ('def f() -> None:\n    """Branchy."""\n' + "    if 1:\n        pass\n" * 11, 0.0),
        ("class A:\n    def _f(self) -> None:\n        pass\n", 1.0),
    ],
)
def test_readability_counts_functions_without_a_flaw(tmp_path, code, value):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(code)
    assert judge("readability", out=tmp_path) == value
