import pytest
import yaml

from tests.render import small_project
from tools.render.pipeline import compile_pipeline, function_name, pipeline_parameters, pipeline_source


def test_a_run_can_be_given_the_data_and_the_seed() -> None:
    parameters = pipeline_parameters(small_project.plan(), small_project.tree())

    assert [(p.name, p.key, p.default) for p in parameters] == [
        ("data_path", "data.path", "data/flowers.csv"),
        ("seed", "seed", "1"),
    ]


@pytest.mark.parametrize(
    ("project", "name"),
    [
        ("flower-kinds", "flower_kinds"),
        ("train", "train_pipeline"),
        ("2024-sales", "sales_pipeline"),
        ("", "experiment"),
    ],
)
def test_the_pipeline_is_a_valid_name(project: str, name: str) -> None:
    assert function_name(project) == name


def test_the_sdk_compiles_the_same_text_twice() -> None:
    pytest.importorskip("kfp")
    source = pipeline_source(small_project.plan(), small_project.tree())

    text, reason = compile_pipeline(source, "flower-kinds")

    assert reason == ""
    assert compile_pipeline(source, "flower-kinds") == (text, "")
    executors = yaml.safe_load(text)["deploymentSpec"]["executors"]
    assert executors["exec-train"]["container"]["command"] == ["python", "-m", "src.training.train"]
    assert "seed={{$.inputs.parameters['seed']}}" in executors["exec-train"]["container"]["args"]
    assert (
        "evaluation.metrics_path={{$.outputs.artifacts['metrics'].path}}"
        in (executors["exec-evaluate"]["container"]["args"])
    )


def test_a_source_that_fails_gives_the_reason() -> None:
    text, reason = compile_pipeline("import kfp\n\nraise ValueError('no image')\n", "flower-kinds")

    assert text == ""
    assert "no image" in reason or "kfp is not installed" in reason
