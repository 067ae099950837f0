import pytest
import yaml

from tests.render import small_project
from tools.plan.model import ExtractionPlan, Setting
from tools.render.settings import data_keys, defaults, flat, job_parameters, scalar


def plan(*settings: Setting) -> ExtractionPlan:
    return ExtractionPlan(project="p", settings=settings)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (0.25, "0.25"),
        (1e-05, "1.0e-05"),
        (float("inf"), None),
        (True, "true"),
        (None, "null"),
        ("rbf", "rbf"),
        ("a: b", None),
        ("yes", None),
        ("", None),
        ("data/x y.csv", "data/x y.csv"),
        (["a", "b"], "[a, b]"),
        ([], None),
        ({"a": 1}, None),
    ],
)
def test_a_value_is_one_scalar_or_none(value: object, text: str | None) -> None:
    assert scalar(value) == text
    if text is not None:
        assert yaml.safe_load(text) == value


def test_job_has_the_settings_of_one_value_under_their_own_names() -> None:
    parameters = job_parameters(small_project.plan(), small_project.tree())

    assert [(p.name, p.key, p.type, p.default) for p in parameters] == [
        ("seed", "seed", "float", "1"),
        ("data_path", "data.path", "string", "data/flowers.csv"),
        ("data_test_size", "data.test_size", "float", "0.25"),
        ("model_max_depth", "model.max_depth", "float", "2"),
    ]


def test_what_is_no_string_in_yaml_is_quoted() -> None:
    (parameter,) = job_parameters(plan(Setting(key="model.depth", value="None", annotation="int | None")), {})

    assert (parameter.type, parameter.default) == ("string", '"null"')


def test_lists_are_left_out_but_for_the_choice_of_models() -> None:
    columns = Setting(key="data.columns", value="['a']", annotation="list[str]")
    models = Setting(key="training.models", value="['a', 'b']", annotation="list[str]")

    assert [p.key for p in job_parameters(plan(columns, models), {})] == ["training.models"]


def test_defaults_are_those_of_the_file() -> None:
    planned = plan(Setting(key="seed", value="1", annotation="int"))

    assert defaults(planned, {"configs/default.yaml": "seed: 2\n"}) == {"seed": 2}
    assert defaults(planned, {}) == {"seed": 1}
    assert flat({"a": {"b": 1, "c": {}}}) == {"a.b": 1, "a.c": {}}


def test_data_keys_are_those_of_the_copied_files() -> None:
    assert data_keys(small_project.plan()) == ("data.path",)
