from tools.plan.model import Constraint
from tools.render.lint import lint_settings


def test_names_that_pep8_objects_to_are_named() -> None:
    source = """
from sklearn.metrics import confusion_matrix as CM
import numpy as np

class LRModel:
    def Fit(self, X, y):
        nEstimators = 3
        for Col in X:
            lower = Col

class config:
    maxDepth: int
"""

    settings = lint_settings({"src/a.py": source})

    assert settings.names == ("CM", "Col", "Fit", "X", "config", "maxDepth", "nEstimators")


def test_nothing_is_tuned_without_need() -> None:
    settings = lint_settings({"src/a.py": "import pandas as pd\n\n\ndef load(path: str) -> pd.DataFrame: ...\n"})

    assert settings.model_dump() == {
        "names": (),
        "ignored": (),
        "files": (),
        "options": (),
        "untyped": (),
        "pipelines": False,
    }


def test_untyped_libraries_are_those_that_are_imported() -> None:
    tree = {"src/a.py": "import json\nimport sklearn.svm\nimport torch\n", "tests/test_a.py": "import scipy\n"}

    assert lint_settings(tree).untyped == ("scipy.*", "sklearn.*")


def test_a_class_of_an_untyped_library_may_be_extended() -> None:
    source = "from sklearn.base import BaseEstimator\n\n\nclass Scaler(BaseEstimator): ...\n"

    ((option, reason),) = lint_settings({"src/a.py": source}).options

    assert option == "disallow_subclassing_any"
    assert "BaseEstimator" in reason
    assert not lint_settings({"src/a.py": "import torch\n\n\nclass Net(torch.nn.Module): ...\n"}).options


def test_long_text_and_suppressed_codes_are_allowed_in_their_file_alone() -> None:
    tree = {"src/a.py": f'TEXT = "{"a" * 120}"\n', "pipelines/b.py": "b = 1\n"}
    suppress = Constraint(kind="suppress", target="pipelines/b.py:3:ruff:B018")

    assert [(path, codes) for path, codes, _ in lint_settings(tree, (suppress,)).files] == [
        ("pipelines/b.py", ("B018",)),
        ("src/a.py", ("E501",)),
    ]


def test_values_of_any_type_are_allowed_where_they_are_stored_and_served() -> None:
    store = "def load_artefact(name: str) -> Any: ...\n"
    serves = "class Served(mlflow.pyfunc.PythonModel): ...\n"
    tree = {"src/artefacts.py": store, "src/training/train.py": serves, "src/data/loader.py": "def f(x: Any): ...\n"}

    assert [(path, codes) for path, codes, _ in lint_settings(tree).files] == [
        ("src/artefacts.py", ("ANN401",)),
        ("src/training/train.py", ("ANN401",)),
    ]
    assert [code for code, _ in lint_settings(tree, traced=False).ignored] == ["ANN401"]


def test_a_line_of_the_package_is_marked_where_it_stands() -> None:
    suppress = Constraint(kind="suppress", target="src/b.py:3:ruff:B018")

    assert lint_settings({"src/b.py": "b = 1\n"}, (suppress,)).files == ()
