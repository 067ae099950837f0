from tests.render import small_project
from tools.plan.model import ExtractionPlan, FunctionPlan, Parameter, Returned
from tools.render.flow import read_flow
from tools.render.sources import read_sources
from tools.render.subject import pairs, read_subject

CONFIG = """
class DataConfig:
    path: str

class Config:
    seed: int
    data: DataConfig
"""


def function(name: str, *returns: str, parameters: tuple[Parameter, ...] = ()) -> FunctionPlan:
    return FunctionPlan(
        name=name,
        module="src/data/loader.py",
        stage="data",
        kind="stage",
        statements=(),
        parameters=parameters,
        returns=tuple(Returned(name=r, variable=r, statement="c1.s1", annotation="int") for r in returns),
    )


def test_each_call_gets_settings_and_earlier_results() -> None:
    flow = read_flow(small_project.plan(), read_sources(small_project.tree()))

    assert flow.broken == ""
    assert [call.source("stages.") for call in flow.calls] == [
        "loader.load_data(config.data.path)",
        "loader.clean_data(stages.load_data)",
        "loader.split_data(stages.clean_data, config.data.test_size, config.seed)",
        "model.build_decision_tree(config.model.max_depth, config.seed)",
        "train.fit_decision_tree(stages.build_decision_tree, stages.split_data.X_train, stages.split_data.y_train)",
        "evaluate.score_model(stages.fit_decision_tree, stages.split_data.X_test, stages.split_data.y_test)",
    ]


def test_a_section_and_the_whole_configuration_are_passed_by_their_types() -> None:
    source = "def load(settings: DataConfig, config: Config) -> tuple[int, int]: ...\ndef use(b: int) -> int: ...\n"
    plan = ExtractionPlan(
        project="p",
        functions=(
            function("load", "a", "b"),
            function("use", "c", parameters=(Parameter(name="b", annotation="int", variable="b"),)),
        ),
    )

    flow = read_flow(plan, read_sources({"src/data/loader.py": source, "src/config.py": CONFIG}))

    assert [call.source() for call in flow.calls] == ["loader.load(config.data, config)", "loader.use(load[1])"]


def test_calls_end_where_an_argument_is_unknown() -> None:
    plan = ExtractionPlan(project="p", functions=(function("load", "a"),))

    flow = read_flow(plan, read_sources({"src/data/loader.py": "def load(mystery: int) -> int: ...\n"}))

    assert flow.calls == ()
    assert flow.broken == "nothing is known to pass as mystery of load"
    assert "has no function load" in read_flow(plan, read_sources({})).broken


def test_the_subject_is_the_served_model_after_its_training() -> None:
    plan = small_project.plan()
    flow = read_flow(plan, read_sources(small_project.tree()))

    subject = read_subject(plan, small_project.facts(), flow)

    assert subject is not None
    assert (subject.path, subject.unfitted) == ("fit_decision_tree", "build_decision_tree")
    assert (subject.features, subject.target) == ("split_data.X_train", "split_data.y_train")


def test_parts_of_a_split_are_paired_by_their_names() -> None:
    flow = read_flow(small_project.plan(), read_sources(small_project.tree()))

    assert pairs(flow) == [
        ("split_data.X_train", "split_data.X_test"),
        ("split_data.y_train", "split_data.y_test"),
    ]
