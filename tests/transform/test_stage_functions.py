"""Stage functions: settings in place, metrics bound where they are computed, the same text twice."""

import ast
import random

import pytest

from tests.plan.planned import facts_of
from tests.transform.built import FIT, HEAD, JUDGED, body, built, definition
from tools.plan.extraction import plan_extraction
from tools.plan.model import Constraint
from tools.transform.build import build_modules

SCORE = "accuracy_score(y_test, model.predict(X_test))"
F1 = "f1_score(y_test, model.predict(X_test))"
JUDGE = "evaluate_logistic_regression"


def judged(tmp_path, code: str) -> str:
    return body(built(tmp_path, HEAD + FIT + code), JUDGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"print({SCORE})\n", f"accuracy = {SCORE}\nreturn accuracy"),
        (f"print(f'Accuracy: {{{SCORE}:.3f}}')\n", f"accuracy = {SCORE}\nreturn accuracy"),
        (f"print('a', {SCORE}, 'b')\n", f"accuracy = {SCORE}\nreturn accuracy"),
        (f"{SCORE}\n", f"accuracy = {SCORE}\nreturn accuracy"),
        (f"acc = {SCORE}\nacc\n", f"acc = {SCORE}\nreturn acc"),
        (f"result = {SCORE}\nprint(result)\n", f"result = {SCORE}\nreturn result"),
    ],
)
def test_a_metric_that_is_only_shown_is_bound_and_returned(tmp_path, before, after):
    assert judged(tmp_path, before) == after


def test_two_metrics_of_one_line_are_both_bound_in_their_order(tmp_path):
    text = judged(tmp_path, f"print({SCORE}, {F1})\n")
    assert text.startswith(f"accuracy = {SCORE}\nf1 = {F1}\nreturn ")


@pytest.mark.parametrize("line", [f"{SCORE}", f"print(name, {SCORE})", f"print(f'{{name}} {{{SCORE}:.2f}}')"])
def test_a_metric_of_a_loop_is_collected_and_computed_once_a_round(tmp_path, line):
    text = judged(tmp_path, f"for name in ['a', 'b']:\n    {line}\n")
    assert text.startswith("accuracies = []\nfor name in")
    assert f"    accuracy = {SCORE}\n    accuracies.append(accuracy)\n" in text
    assert text.count("accuracy_score(") == 1
    assert text.endswith("return accuracies")


def test_every_metric_call_of_the_notebook_is_made_exactly_once(tmp_path):
    code = (
        f"print({SCORE})\nfor k in range(2):\n    print(k, {F1})\nscores = [{SCORE} for k in range(2)]\nprint(scores)\n"
    )
    text = judged(tmp_path, code)
    assert (text.count("accuracy_score("), text.count("f1_score(")) == (2, 1)


def test_settings_stand_where_the_literals_stood(tmp_path):
    files = built(tmp_path, HEAD + FIT + JUDGED)
    assert "df = pd.read_csv(path)" in body(files, "load_data")
    assert "test_size=test_size, random_state=seed" in body(files, "load_data")
    assert definition(files, "build_logistic_regression").startswith("def build_logistic_regression(C):")
    assert "LogisticRegression(C=C)" in body(files, "build_logistic_regression")


def test_characters_of_many_bytes_in_front_of_a_literal_do_no_harm(tmp_path):
    text = HEAD + "df['größe 🙂'] = df['a'].clip(0, upper=3) * 2\n" + FIT.replace('["a", "b"]', '["größe 🙂", "b"]')
    inside = body(built(tmp_path, text + JUDGED), "load_data")
    assert 'df["größe 🙂"]' in inside
    assert 'df[["größe 🙂", "b"]], df["y"], test_size=test_size, random_state=seed' in inside


def test_comments_stay_with_their_statements(tmp_path):
    files = built(tmp_path, HEAD + "# rows without a label\ndf = df.dropna()  # for now\n" + FIT + JUDGED)
    assert "# rows without a label\ndf = df.dropna()  # for now\n" in body(files, "load_data")


def test_hardened_functions_are_annotated_and_documented(tmp_path):
    files = built(tmp_path, HEAD + FIT + JUDGED, step="harden")
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)) if path.endswith(".py") else ():
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert node.returns is not None, (path, node.name)
                assert ast.get_docstring(node), (path, node.name)
                assert all(a.annotation for a in node.args.args if a.arg != "self"), (path, node.name)


@pytest.mark.parametrize(
    ("step", "shown"), [("structure", 'print("column", name)'), ("harden", 'log.info("column", column=name)')]
)
def test_structure_leaves_prints_in_loops_and_harden_logs_them(tmp_path, step, shown):
    text = HEAD + "for name in ['a', 'b']: df[name] += 1; print('column', name)\n" + FIT + JUDGED
    assert shown in body(built(tmp_path, text, step=step), "load_data")


@pytest.mark.parametrize("step", ["structure", "harden"])
def test_building_twice_gives_the_same_text(tmp_path, step):
    text = HEAD + "SHIFT = 2.5\ndef moved(v):\n    return v + SHIFT\ndf['a'] = df['a'].map(moved)\n" + FIT + JUDGED
    made = [
        build_modules(facts, plan_extraction(facts), step) for facts in (facts_of(tmp_path, text) for _ in range(2))
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("step", ["structure", "harden"])
@pytest.mark.parametrize(
    "code",
    [
        "",
        "df.dropna(inplace=True)\n",
        "LIFT = 1.5\ndef lifted(v):\n    return v * LIFT\ndf['a'] = df['a'].map(lifted)\n",
        "for id in ['a', 'b']: df[id] = df[id] - df[id].mean()\n",
        "seen = []\ndef kept(v):\n    seen.append(v)\n    return len(seen) % 3\ndf['a'] = df['a'].map(kept)\n",
    ],
)
def test_stage_functions_compute_what_the_cells_compute(tmp_path, monkeypatch, step, code):
    draw = random.Random(3)
    rows = [(draw.random(), draw.random()) for _ in range(80)]
    (tmp_path / "rows.csv").write_text("a,b,y\n" + "".join(f"{a},{b},{int(a > 0.6 * b)}\n" for a, b in rows))
    monkeypatch.chdir(tmp_path)
    text = HEAD + code + FIT + JUDGED
    cells: dict[str, object] = {}
    exec(compile(text, "cells", "exec"), cells)

    files = built(tmp_path, text, step=step)
    made: dict[str, object] = {"structlog": None}
    for path in ("src/data/loader.py", "src/models/model.py", "src/training/train.py", "src/evaluation/evaluate.py"):
        exec(compile(_stages_only(files[path]), path, "exec"), made)
    assert _run(files["src/training/train.py"], made)["accuracy"] == cells["accuracy"]


def _stages_only(text: str) -> str:
    """Return a module without what needs the rest of the package."""
    tree = ast.parse(text)
    foreign = ("track", "train", "evaluate", "main", "flat_settings")
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("src"))
        and not (isinstance(node, ast.FunctionDef) and node.name in foreign)
        and not isinstance(node, (ast.Assign, ast.If))
        and not (isinstance(node, (ast.Import, ast.ImportFrom)) and ast.unparse(node).count("mlflow"))
        and not (isinstance(node, (ast.Import, ast.ImportFrom)) and ast.unparse(node).count("omegaconf"))
    ]
    return ast.unparse(tree)


def _run(train: str, made: dict[str, object]) -> dict[str, float]:
    """Run the calls of `train`, without seeds, files and tracking."""
    settings = {"seed": 7, "path": "rows.csv", "test_size": 0.25, "C": 0.5, "lift": 1.5}

    class Section:
        def __getattr__(self, name):
            return settings.get(name, self)

    function = next(n for n in ast.parse(train).body if isinstance(n, ast.FunctionDef) and n.name == "train")
    aside = ("set_seed", "write_metrics", "OmegaConf", "track", "log", "save_artefact", "examples")
    function.body = [n for n in function.body if not ast.unparse(n).startswith(aside)]
    function.returns = None
    function.args.args[0].annotation = None
    exec(ast.unparse(function), made)
    return made["train"](Section())


def test_a_statement_that_a_constraint_keeps_is_generated_although_it_only_shows(tmp_path):
    text = HEAD + 'print("rows", len(df))\n' + FIT + JUDGED
    keep = Constraint(kind="keep", target="c2.s2", reason="a person asked for it")

    assert "print(" not in definition(built(tmp_path, text), "load_data")
    assert 'print("rows", len(df))' in definition(built(tmp_path, text, keep), "load_data")
    assert "rows=len(df)" in definition(built(tmp_path, text, keep, step="harden"), "load_data")
