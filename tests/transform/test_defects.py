"""Notebooks in which a careless rewrite changes what is computed: the package must train to the notebook's numbers."""

import ast
import importlib
import json
import sys
import types
from pathlib import Path

import libcst as cst
import pytest

from tools.analysis.analyse import analyse
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.trace.model import Trace
from tools.transform.build import build_modules
from tools.transform.format import formatted
from tools.transform.hidden_names import hidden_names
from tools.transform.print_to_log import print_to_log

HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
# %%
df = pd.read_csv("data.csv")
"""
SPLIT = """
# %%
X_train, X_test, y_train, y_test = train_test_split(df[["a", "b"]], df["y"], test_size=0.2, random_state=1)
# %%
model = LogisticRegression(C=2.0)
"""
FIT = "model.fit(X_train, y_train)\n# %%\n"
ACCURACY = 'print("acc", accuracy_score(y_test, model.predict(X_test)))\n'
DATA = "a,b,y\n" + "".join(f"{i * 7 % 11},{i * 5 % 13},{int(i * 7 % 11 > 5)}\n" for i in range(60))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Build the package of a notebook; nothing of it stays imported behind the test."""

    def build(text: str):
        (tmp_path / "data.csv").write_text(DATA)
        path = tmp_path / "experiment.py"
        path.write_text(f"# %%\n{text.strip()}\n", encoding="utf-8")
        facts = analyse(read_notebook(path), Trace(status="not run"))
        plan = plan_extraction(facts, ())
        files = formatted(build_modules(facts, plan, "harden"))
        for name, content in files.items():
            (tmp_path / "package" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "package" / name).write_text(content, encoding="utf-8")
        for target, _ in plan.data_files:
            (tmp_path / "package" / target).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "package" / target).write_text(DATA)
        return files

    def forget() -> None:
        for name in [n for n in sys.modules if n == "src" or n.startswith("src.")]:
            del sys.modules[name]

    (tmp_path / "package").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "package"))
    monkeypatch.chdir(tmp_path / "package")
    forget()
    yield build
    forget()


def trained(package, text: str) -> dict[str, float]:
    """Return the metrics that the package of a notebook writes."""
    package(text)
    module = importlib.import_module("src.training.train")
    module.track = lambda *given: None
    module.main([])
    return json.loads(Path("artifacts/metrics.json").read_text())


def of_notebook(text: str, *names: str) -> list[float]:
    """Run a notebook as it is and return values of its variables."""
    space: dict[str, object] = {}
    Path("data.csv").write_text(DATA)
    exec(compile(text, "experiment", "exec"), space)
    return [space[name] for name in names]


def test_lines_of_a_string_are_not_indented(package):
    text = 'TEXT = """a\n  b\nc"""\n' + HEAD + 'text = """x\n\ty\n"""\ndf["n"] = len(text) + len(TEXT)\n'
    text += SPLIT.replace('"a", "b"', '"a", "b", "n"') + FIT + "size = X_test['n'].iloc[0]\n"
    text += "accuracy = accuracy_score(y_test, model.predict(X_test)) + size\nprint(accuracy)\n"
    assert trained(package, text)["accuracy"] == of_notebook(text, "accuracy")[0]


def test_an_import_with_a_fallback_keeps_its_name(package):
    text = "try:\n    import ujson_not_there as json\nexcept ImportError:\n    import json\n" + HEAD
    text += '# %%\nk = json.loads("3")\ndf["a"] += k\n' + SPLIT + FIT + ACCURACY
    written = trained(package, text)
    assert set(written) == {"accuracy"}


def test_the_logger_does_not_hide_a_name_of_the_notebook(package):
    text = "from math import log\n" + HEAD
    text += '# %%\nfor i in range(2):\n    df["a"] += log(i + 2)\n    print("round", i)\n' + SPLIT + FIT + ACCURACY
    files = package(text)
    assert 'logger.info("round"' in files["src/data/loader.py"]
    assert set(trained(package, text)) == {"accuracy"}


@pytest.mark.parametrize("argument", ["v for v in df['a']", "(v for v in df['a'])"])
def test_a_lone_generator_gets_parentheses_before_an_appended_argument(package, argument):
    text = HEAD + f"# %%\nSCALE = 3\ndef total(vs):\n    return sum(vs) * SCALE\ndf['t'] = total({argument})\n"
    text += SPLIT.replace('"a", "b"', '"a", "b", "t"') + FIT
    text += "accuracy = accuracy_score(y_test, model.predict(X_test)) + df['t'].max()\nprint(accuracy)\n"
    assert trained(package, text)["accuracy"] == of_notebook(text, "accuracy")[0]


@pytest.mark.parametrize(
    "code",
    [
        "class Shift:\n    depth = DEPTH\n    def of(self, v):\n        return v * DEPTH + self.depth\n"
        "df['t'] = df['a'].map(Shift().of)\n",
        "def shift(v):\n    depth = DEPTH * 2\n    return v * DEPTH + depth\ndf['t'] = df['a'].map(shift)\n",
        "def shift(v, depth=1):\n    return v * DEPTH + depth\ndf['t'] = [shift(v) for v in df['a']]\n",
        "depth = DEPTH * 2\ndf['t'] = df['a'] * DEPTH + depth\n",
    ],
)
def test_a_setting_is_told_from_a_name_of_its_spelling(package, code):
    text = HEAD + f"# %%\nDEPTH = 3\n{code}" + SPLIT.replace('"a", "b"', '"a", "b", "t"') + FIT
    text += "accuracy = accuracy_score(y_test, model.predict(X_test)) + df['t'].max()\nprint(accuracy)\n"
    assert trained(package, text)["accuracy"] == of_notebook(text, "accuracy")[0]


def test_a_name_in_a_try_stays(package):
    text = HEAD + "# %%\ntry:\n    offset\nexcept NameError:\n    offset = 3\ndf['a'] += offset\n" + SPLIT + FIT
    text += "accuracy = accuracy_score(y_test, model.predict(X_test)) + X_test['a'].max()\nprint(accuracy)\n"
    assert trained(package, text)["accuracy"] == of_notebook(text, "accuracy")[0]


@pytest.mark.parametrize(
    "shown",
    [
        "print(model.fit(X_train, y_train))",
        "print('fitted', len(X_train), model.fit(X_train, y_train).n_iter_)",
        "print(f'{model.fit(X_train, y_train)}')",
        "print('-' * len(model.fit(X_train, y_train).coef_))",
        "print('done', end=str(model.fit(X_train, y_train)))",
        "print(*(m.fit(X_train, y_train) for m in [model]))",
    ],
)
def test_what_a_print_does_is_still_done(package, shown):
    text = (
        HEAD
        + SPLIT
        + f"{shown}\n# %%\n"
        + "accuracy = accuracy_score(y_test, model.predict(X_test))\nprint(accuracy)\n"
    )
    assert trained(package, text)["accuracy"] == of_notebook(text, "accuracy")[0]


PREDICTED = "pred = model.predict(X_test)\nit = iter([1, 2, 4, 8])\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "if len(pred) > 1:\n    print(accuracy_score(y_test, pred))\nelse:\n    print(f1_score(y_test, [0]))\n",
            {"accuracy"},
        ),
        (
            "if len(pred) > 1:\n    a = accuracy_score(y_test, pred)\nelse:\n    f = f1_score(y_test, [0])\n",
            {"accuracy"},
        ),
        ("print(accuracy_score(y_test, pred) if len(pred) > 1 else f1_score(y_test, [0]))\n", {"accuracy"}),
        ("print(len(pred) and accuracy_score(y_test, pred))\n", {"accuracy"}),
        ("if len(pred) < 1:\n    pass\nelif accuracy_score(y_test, pred) > 0:\n    print(1)\n", {"accuracy"}),
        ("with open('x', 'w') as f:\n    print(accuracy_score(y_test, pred))\n", {"accuracy"}),
        ("print(next(it) - 1 + accuracy_score(y_test, pred), next(it) + f1_score(y_test, pred))\n", {"accuracy", "f1"}),
        (
            "try:\n    print(accuracy_score(y_test, [0]))\nexcept ValueError:\n    print(f1_score(y_test, pred))\n",
            {"f1"},
        ),
    ],
)
def test_a_metric_is_computed_just_where_the_notebook_computes_it(package, code, expected):
    written = trained(package, HEAD + SPLIT + FIT + PREDICTED + code)
    assert set(written) == expected
    assert all(value >= 0 for value in written.values())


@pytest.mark.parametrize(
    "shown",
    [
        "print(model.fit(X_train, y_train).n_iter_, accuracy_score(y_test, model.predict(X_test)))",
        "print(accuracy_score(y_test, model.fit(X_train, y_train).predict(X_test)))",
        "kept = []\nkept.append(accuracy_score(y_test, model.fit(X_train, y_train).predict(X_test)))\nprint(kept[0])",
    ],
)
def test_a_metric_comes_after_what_stands_before_it(package, shown):
    text = HEAD + SPLIT + f"{shown}\n# %%\nf = f1_score(y_test, model.predict(X_test))\nprint(f)\n"
    written = trained(package, text)
    assert f1_score_of(text) in written.values()


def f1_score_of(text: str) -> float:
    """Return what the notebook itself computes last."""
    return of_notebook(text, "f")[0]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("print(*(kept.append(v) for v in [1, 2]))", [1, 2]),
        ("print('a', file=kept.append(1))", [1]),
        ("print('-' * (kept.append(3) or 2))", [3]),
        ("print('x', *map(kept.append, [5]), sep=kept.append(6) or ' ')", [5, 6]),
        ("print('-' * len(kept), end='')", []),
    ],
)
def test_an_event_does_what_the_print_did(code, expected):
    space = {"kept": [], "log": types.SimpleNamespace(info=lambda *given, **fields: None)}
    exec(print_to_log(cst.parse_module(code)).code, space)
    assert space["kept"] == expected


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        ("x = [k for k in k if k > v]", ["k", "k", "k"]),
        ("x = sorted(k, key=lambda k: k[0] + v)", ["k"]),
        ("def f(a, b=k):\n    k = a + v\n    return k", ["a", "k", "k"]),
        ("def f():\n    global k\n    k = v", []),
        ("k = k + 1", []),
    ],
)
def test_names_bound_by_an_inner_scope_are_told_apart(code, hidden):
    tree = ast.parse(code)
    found = hidden_names(tree)
    assert sorted(n.id for n in ast.walk(tree) if id(n) in found) == hidden


def test_a_metric_that_a_loop_computes_on_a_line_of_its_own_is_kept(package):
    code = "for c in range(2):\n    accuracy_score(y_test, pred)\n"
    assert set(trained(package, HEAD + SPLIT + FIT + PREDICTED + code)) == {"accuracy.0", "accuracy.1"}
