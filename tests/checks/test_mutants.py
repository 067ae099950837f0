import pytest

from tools.checks.mutation.mutants import all_mutants, chosen
from tools.checks.mutation.trials import libraries


def changes(body: str) -> set[tuple[str, str]]:
    """Return kind and changed line of each mutant of a function."""
    text = f"def f(X, y, model, config):\n    {body}\n"
    return {(m.kind, m.after) for m in all_mutants({"src/data/loader.py": text})}


@pytest.mark.parametrize(
    ("body", "mutant"),
    [
        ("model.fit(X, y)", ("shuffled labels", "model.fit(X, y[::-1])")),
        ("model.fit(X, y)", ("no-op fit", "pass")),
        ("return model.predict(X)", ("constant prediction", "return (model.predict(X) * 0)")),
        ("return accuracy_score(y, X)", ("inverted metric", "return (1 - accuracy_score(y, X))")),
        ("a, b = train_test_split(X)", ("swapped train and test", "b, a = train_test_split(X)")),
        (
            "a, b = train_test_split(X, stratify=y)",
            ("split setting ignored", "a, b = train_test_split(X, stratify=None)"),
        ),
        ("X['r'] = X['a']", ("dropped column", "pass")),
        ("return X.drop(columns='id')", ("dropped column", "return X.drop(columns='id').iloc[:, 1:]")),
        ("X = X.dropna()", ("cleaning left out", "X = X")),
        ("metrics['a'] = y", ("metric not reported", "pass")),
        ("return X[:5]", ("off by one", "return X[:5 + 1]")),
        ("return X > y", ("comparison flipped", "return (X >= y)")),
        ("return X / y", ("arithmetic flipped", "return (X * y)")),
        ("return X * 3", ("constant changed", "return X * 4")),
    ],
)
def test_a_mutant_is_a_small_wrong_change(body: str, mutant: tuple[str, str]) -> None:
    assert mutant in changes(body)


def test_an_error_check_can_be_lost() -> None:
    assert ("error check removed", "pass") in changes("if y:\n        raise ValueError('y')")


@pytest.mark.parametrize(
    "body",
    [
        '"""Takes 5 rows."""',
        "log.info('rows', n=len(X) + 1)",
        "raise ValueError(f'{1 + 1}')",
        "mlflow.log_params({'a': 1 + 1})",
        "examples['a'] = X[:5]",
        "x: int = y",
    ],
)
def test_what_only_tells_is_left_alone(body: str) -> None:
    assert changes(body) == set()


def test_command_lines_and_modules_that_serve_any_notebook_are_left_alone() -> None:
    text = "def main(a):\n    return a + 1\n"
    arithmetic = "def f(a):\n    return a + 1\n"

    assert all_mutants({"src/training/train.py": text}) == []
    assert all_mutants({"src/log.py": arithmetic, "src/artefacts.py": arithmetic, "tests/test_a.py": arithmetic}) == []


def test_defaults_change_one_at_a_time() -> None:
    text = "seed: 1  # c4\nmodel:\n  C: 0.5\n  name: svm\n"

    found = all_mutants({"configs/default.yaml": text})

    assert [(m.line, m.after) for m in found] == [(1, "seed: 2  # c4"), (3, "C: 0.375")]
    assert found[0].text == text.replace("seed: 1", "seed: 2")


def test_every_mutant_parses_and_differs() -> None:
    text = "def f(X, y):\n    z = X['é'] + y[1:]\n    return z if z > 0 else [i for i in range(3)]\n"

    for mutant in all_mutants({"src/a.py": text}):
        compile(mutant.text, "a", "exec")
        assert mutant.text != text


def test_a_choice_has_the_typical_ones_first_and_every_kind_in_turn() -> None:
    text = "def f(X, y, m):\n    a = X + 1\n    b = X - 1\n    m.fit(X, y)\n    m.fit(X, y)\n    return a > b\n"

    kinds = [m.kind for m in chosen(all_mutants({"src/a.py": text}), 5)]

    assert kinds == ["no-op fit", "shuffled labels", "no-op fit", "shuffled labels", "arithmetic flipped"]


def test_libraries_to_load_beforehand_are_those_of_others() -> None:
    text = "import json\nimport numpy as np\nfrom sklearn.svm import SVC\nfrom src.b import c\nmlflow.sklearn.x\n"

    assert libraries({"src/a.py": text}) == ["mlflow.sklearn", "numpy", "sklearn.svm"]
