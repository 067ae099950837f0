"""configs/default.yaml, its schema, signatures that take a section, lines that are silenced, and the layout."""

import ast

import pytest
import yaml

from tests.transform.built import FIT, HEAD, JUDGED, built, definition
from tools.plan.model import Constraint, FunctionPlan, Parameter
from tools.transform.context import collapsed_section
from tools.transform.format import formatted
from tools.transform.signature import class_name
from tools.transform.suppress import suppressed


def settings(tmp_path, code: str) -> tuple[dict, str]:
    text = built(tmp_path, HEAD + code + FIT + JUDGED)["configs/default.yaml"]
    return yaml.safe_load(text), text


@pytest.mark.parametrize(
    "literal", ["2.5", "1e-05", "-3", "'yes'", "'null'", "'1.0'", "'a: b # c'", "'größe'", "[0.5, 1.5]"]
)
def test_yaml_gives_back_the_value_that_the_notebook_has(tmp_path, literal):
    values, _ = settings(tmp_path, f"# %%\nCHOICE = {literal}\ndf['a'] = [CHOICE for _ in df['a']]\n")
    found = [section["choice"] for section in values.values() if isinstance(section, dict) and "choice" in section]
    assert found == [ast.literal_eval(literal)]
    assert type(found[0]) is type(ast.literal_eval(literal))


def test_a_setting_names_its_cell_and_keeps_the_comment_of_the_author(tmp_path):
    _, text = settings(tmp_path, "# %%\nFACTOR = 2.5  # by hand: see 4\ndf['a'] *= FACTOR\n")
    assert "  factor: 2.5  # c3: by hand: see 4\n" in text
    assert "  test_size: 0.25  # c4\n" in text


def test_a_notebook_without_a_seed_gets_one_that_is_marked(tmp_path):
    text = (HEAD + FIT + JUDGED).replace(", random_state=7", "")
    assert "seed: 42  # added" in built(tmp_path, text)["configs/default.yaml"]


def test_the_schema_has_every_key_with_its_type(tmp_path):
    files = built(tmp_path, HEAD + FIT + JUDGED)
    assert "C: float" in definition(files, "LogisticRegressionConfig")
    assert "logistic_regression: LogisticRegressionConfig" in definition(files, "ModelConfig")
    whole = definition(files, "Config")
    assert all(f"{n}: {k}" in whole for n, k in (("seed", "int"), ("data", "DataConfig"), ("model", "ModelConfig")))


def taking(*keys: str, kind: str = "stage") -> FunctionPlan:
    parameters = tuple(Parameter(name=k.rpartition(".")[2], annotation="int", setting=k) for k in keys)
    return FunctionPlan(name="f", module="m.py", stage="model", kind=kind, statements=(), parameters=parameters)


@pytest.mark.parametrize(
    ("function", "section"),
    [
        (taking("model.svc.a", "model.svc.b", "model.svc.c"), ""),
        (taking("model.svc.a", "model.svc.b", "model.svc.c", "model.svc.d"), "model.svc"),
        (taking("model.svc.a", "model.svc.b", "model.svc.c", "data.d"), ""),
        (taking("seed", *(f"data.{n}" for n in "abcd")), "data"),
        (taking(*(f"data.{n}" for n in "abcd"), kind="author"), ""),
    ],
)
def test_four_settings_of_a_section_are_one_argument(function, section):
    assert collapsed_section(function) == section


def test_a_function_that_takes_a_section_reads_its_fields(tmp_path):
    model = "LogisticRegression(C=0.5, tol=0.001, max_iter=200, intercept_scaling=2.0)"
    files = built(tmp_path, (HEAD + FIT + JUDGED).replace("LogisticRegression(C=0.5)", model), step="harden")
    text = definition(files, "build_logistic_regression")
    assert text.startswith("def build_logistic_regression(config: LogisticRegressionConfig) ->")
    assert all(f"{name}=config.{name}" in text for name in ("C", "tol", "max_iter", "intercept_scaling"))
    assert "build_logistic_regression(config.model.logistic_regression)" in files["src/training/train.py"]


@pytest.mark.parametrize(("section", "name"), [("data", "DataConfig"), ("model.random_forest", "RandomForestConfig")])
def test_a_section_has_a_class(section, name):
    assert class_name(section) == name


def silenced(*targets: str) -> dict[str, str]:
    constraints = [Constraint(kind="suppress", target=target) for target in targets]
    return suppressed({"src/a.py": "one\ntwo\n", "src/b.py": "one\n"}, constraints)


@pytest.mark.parametrize(
    ("targets", "first", "second"),
    [
        ([], "one", "two"),
        (["src/a.py:2:mypy:arg-type"], "one", "two  # type: ignore[arg-type]"),
        (["src/a.py:1:ruff:E501"], "one  # noqa: E501", "two"),
        (
            ["src/a.py:1:ruff:E501", "src/a.py:1:mypy:misc", "src/a.py:1:mypy:arg-type"],
            "one  # type: ignore[arg-type, misc]  # noqa: E501",
            "two",
        ),
        (["src/a.py:9:mypy:misc", "src/c.py:1:mypy:misc", "src/a.py", "c1.s1"], "one", "two"),
    ],
)
def test_a_line_is_silenced_for_exactly_the_codes_named(targets, first, second):
    assert silenced(*targets) == {"src/a.py": f"{first}\n{second}\n", "src/b.py": "one\n"}


def test_other_constraints_silence_nothing():
    assert suppressed({"a.py": "x\n"}, [Constraint(kind="keep", target="a.py:1:mypy:misc")]) == {"a.py": "x\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nimport ast\nprint(ast)\n", "import ast\n\nprint(ast)\n"),
        ("x = 'a'\n", 'x = "a"\n'),
        ("def f(:\n", "def f(:\n"),
        ("x = 1\n", "x = 1\n"),
    ],
)
def test_layout_changes_no_meaning_and_leaves_what_does_not_parse(before, after):
    assert formatted({"src/a.py": before, "configs/default.yaml": "a:   1\n"}) == {
        "src/a.py": after,
        "configs/default.yaml": "a:   1\n",
    }


def test_a_setting_named_by_a_keyword_of_the_language_gets_an_underscore(tmp_path):
    files = built(
        tmp_path,
        HEAD
        + 'params = {"lambda": 0.5, "max": 3}\ndf["a"] = df["a"] * params["lambda"] + params["max"]\n'
        + FIT
        + JUDGED,
    )

    assert "lambda_: 0.5" in files["configs/default.yaml"]
    assert '"lambda": lambda_' in files["src/data/loader.py"]
    assert all(ast.parse(text) for path, text in files.items() if path.endswith(".py") and text)


def test_a_parameter_for_a_setting_hides_no_builtin(tmp_path):
    files = built(tmp_path, HEAD + 'options = {"max": 3}\ndf["a"] = max(3, options["max"])\n' + FIT + JUDGED)

    assert "def load_data(max:" not in files["src/data/loader.py"]
