"""What each builder writes, and that it writes nothing that the evidence does not support."""

import pytest

from tests.render import small_project
from tools.plan.model import Change
from tools.render import config_tests, data_tests, model_tests, training_tests
from tools.render.assembly import BUILDERS, build_tests, files_of_tests
from tools.render.evidence import Evidence, GeneratedTest
from tools.render.flow import read_flow
from tools.render.recording import Arrival, Losses, ModelRecord, Output, Recorded, Recording, Refused, without_secrets
from tools.render.sources import read_sources
from tools.render.subject import read_subject


def evidence(recording: Recording | None = None, **changes: object) -> Evidence:
    plan, facts, tree = small_project.plan(), small_project.facts(), small_project.tree()
    sources = read_sources(tree)
    flow = read_flow(plan, sources)
    known = Evidence(
        plan=plan,
        facts=facts,
        sources=sources,
        flow=flow,
        subject=read_subject(plan, facts, flow),
        recording=recording or Recording(),
        tree=tree,
    )
    return known.model_copy(update=changes)


def ran(**results: Recorded) -> Recording:
    return Recording(status="ran", results=results)


def names(tests: object) -> list[str]:
    assert not isinstance(tests, str)
    return [test.name for test in tests]  # type: ignore[attr-defined]


def only(tests: object) -> GeneratedTest:
    (test,) = tests  # type: ignore[misc]
    return test


FRAME = Recorded(summary={"rows": 40.0}, shapes={"load_data": (40, 3)})


def test_without_a_run_nothing_is_said_of_values() -> None:
    for builder in BUILDERS:
        for test in builder(evidence()):
            assert "stages" not in test.source


def test_values_of_the_data_stage() -> None:
    test = only(data_tests.values(evidence(ran(load_data=FRAME))))

    assert "assert stages.load_data.shape == (40, 3)\n" in test.source
    assert 'summary(stages.load_data) == pytest.approx(recorded("load_data"))' in test.source


def test_a_value_of_which_only_the_class_is_known_is_not_compared() -> None:
    loader = Recorded(summary={"train.type": "DataLoader", "test.type": "DataLoader"})

    assert names(data_tests.values(evidence(ran(load_data=loader)))) == []


def test_a_result_that_holds_a_key_is_recorded_by_no_test() -> None:
    key = "q8Zr4TnX0pLw7Vb2"
    whole = Recorded(summary={"value": key})
    part = Recorded(summary={"0.rows": 4.0, "1.value": f"token {key}"})
    harmless = Recorded(summary={"value": "median"})
    recording = ran(load_data=whole, clean_data=part, add_features=harmless)

    kept = without_secrets(recording, [key])

    assert {name: found.summary for name, found in kept.results.items()} == {
        "load_data": {},
        "clean_data": {},
        "add_features": {"value": "median"},
    }
    assert key not in kept.model_dump_json()
    assert without_secrets(recording, []) == recording


def test_parts_that_share_rows_are_not_said_to_be_apart() -> None:
    pair = ("split_data.X_train", "split_data.X_test")

    assert names(data_tests.splits(evidence(Recording(status="ran")))) == []
    assert names(data_tests.splits(evidence(Recording(status="ran", disjoint=(pair,))))) == [
        "test_no_row_is_in_both_x_train_and_x_test"
    ]


@pytest.mark.parametrize("changed", [(), ("load_data",)])
def test_arguments_are_left_as_they_are_only_where_the_run_showed_it(changed: tuple[str, ...]) -> None:
    cleaned = Recorded(summary={"rows": 38.0}, changed_arguments=changed)

    found = names(data_tests.arguments(evidence(ran(load_data=FRAME, clean_data=cleaned))))

    assert found == ([] if changed else ["test_clean_data_leaves_its_arguments_as_they_are"])


def test_a_refusal_must_be_one_of_the_functions_own() -> None:
    file = Refused(
        function="load_data",
        kind="file",
        overrides=("data.path=nowhere.csv",),
        exception="FileNotFoundError",
        message="no data at nowhere.csv: set data.path",
    )
    column = Refused(function="clean_data", kind="column", path="load_data", column="kind", exception="KeyError")

    test = only(data_tests.refusals(evidence(Recording(status="ran", refused=(file, column)))))

    assert test.name == "test_load_data_names_a_missing_file"
    assert 'pytest.raises(FileNotFoundError, match=re.escape("no data at nowhere.csv: set data.path"))' in test.source


def test_settings_that_change_nothing_are_not_tested() -> None:
    arrivals = (Arrival(override="data.test_size=0.125", mode="differs"), Arrival(override="seed=2", mode="none"))

    test = only(data_tests.settings(evidence(Recording(status="ran", settings={"split_data": arrivals}))))

    assert '"data.test_size=0.125"' in test.source
    assert "seed=2" not in test.source


def test_hyperparameters_are_looked_up_where_they_arrive() -> None:
    arrival = Arrival(override="model.max_depth=3", mode="parameter", name="max_depth", value=3)

    found = evidence(Recording(status="ran", settings={"build_decision_tree": (arrival,)}))
    test = only(model_tests.hyperparameters(found))

    assert '("model.max_depth=3", "max_depth", 3)' in test.source
    assert "model.build_decision_tree(config.model.max_depth, config.seed).get_params()[name] == value" in test.source


def test_a_network_is_called_and_a_classifier_predicts() -> None:
    network = ModelRecord(features="load_data", forward=Output(shape=(5, 1), finite=True, low=-1.0, high=2.0))
    tree = ModelRecord(features="load_data", predict=Output(shape=(5,), finite=True), proba=Output(shape=(5, 2)))

    (forward,) = model_tests.predictions(evidence(Recording(status="ran", model=network)))
    (predict,) = model_tests.predictions(evidence(Recording(status="ran", model=tree)))

    assert "assert output.shape == (5, 1)" in forward.source
    assert "assert output.min() >= 0" not in forward.source
    assert "assert proba.shape == (5, 2)" in predict.source
    assert "sum(axis=1)" not in predict.source


def test_rows_of_a_loader_are_those_of_its_first_batch() -> None:
    network = ModelRecord(features="load_data", mode="loader", forward=Output(shape=(5, 10)))

    test = only(model_tests.predictions(evidence(Recording(status="ran", model=network))))

    assert "batch = next(iter(stages.load_data))[0][:5]" in test.source


SCORED = ran(score_model=Recorded(summary={"value": 0.9}))


def test_metrics_are_those_of_the_notebook_where_it_is_seeded() -> None:
    facts = small_project.facts()
    facts = facts.model_copy(update={"metrics": (facts.metrics[0].model_copy(update={"value": 0.95}),)})

    test = only(training_tests.metrics(evidence(SCORED, facts=facts)))

    assert test.name == "test_metrics_are_those_of_the_notebook"
    assert '"accuracy": 0.95,' in test.source


def test_metrics_are_those_of_the_package_where_the_notebook_is_unseeded() -> None:
    facts = small_project.facts()
    facts = facts.model_copy(update={"metrics": (facts.metrics[0].model_copy(update={"value": 0.95}),)})
    plan = small_project.plan().model_copy(update={"changes": (Change(kind="seed", message="a seed is added"),)})

    test = only(training_tests.metrics(evidence(SCORED, facts=facts, plan=plan)))

    assert test.name == "test_metrics_are_those_recorded"
    assert '"accuracy": 0.9,' in test.source


@pytest.mark.parametrize(("model", "constant", "written"), [(0.9, 0.5, True), (0.5, 0.5, False), (0.4, 0.5, False)])
def test_the_baseline_is_tested_where_it_is_beaten(model: float, constant: float, written: bool) -> None:
    record = ModelRecord(baseline={"model": model, "constant": constant})

    assert bool(names(training_tests.baseline(evidence(Recording(status="ran", model=record))))) == written


@pytest.mark.parametrize(("last", "written"), [(0.5, True), (2.0, False)])
def test_the_loss_is_tested_where_it_falls(last: float, written: bool) -> None:
    losses = {"fit_decision_tree": Losses(count=10, first=1.0, last=last)}

    assert bool(names(training_tests.losses(evidence(Recording(status="ran", losses=losses))))) == written


def test_settings_are_tested_without_a_run() -> None:
    assert names(config_tests.notebook_values(evidence())) == ["test_defaults_are_the_values_of_the_notebook"]
    assert names(config_tests.overrides(evidence())) == ["test_overrides_replace_defaults"]
    assert len(names(config_tests.refusals(evidence()))) == 3


def test_names_are_unique_in_each_file() -> None:
    tests = [f"{test.file}::{test.name}" for test in build_tests(evidence(SCORED))]

    assert len(tests) == len(set(tests))


def test_what_is_left_out_is_not_written() -> None:
    left_out = frozenset({"tests/test_config.py::test_overrides_replace_defaults"})

    files = files_of_tests(evidence(), build_tests(evidence(), left_out))

    assert "test_overrides_replace_defaults" not in files["tests/test_config.py"]
    assert "attrgetter" not in files["tests/test_config.py"]


@pytest.mark.parametrize(("isolated", "written"), [(True, 1), (False, 0)])
def test_a_split_draws_from_its_seed_alone_only_where_the_run_showed_it(isolated: bool, written: int) -> None:
    found = list(data_tests.isolation(evidence(ran(split_data=Recorded(isolated=isolated)))))

    assert len(found) == written
    assert all("np.random.seed(config.seed + 1)" in test.source for test in found)


def test_evaluation_must_repeat_every_metric_but_those_of_the_training() -> None:
    plan = small_project.plan()
    trained = [
        f.model_copy(update={"name": "cross_validate"}) for f in plan.functions if any(r.metric for r in f.returns)
    ]
    renamed = [
        f.model_copy(
            update={"returns": tuple(r.model_copy(update={"metric": "cv_score"}) for r in f.returns if r.metric)}
        )
        for f in trained[:1]
    ]
    assert renamed
    more = plan.model_copy(update={"functions": (*plan.functions, *renamed)})

    whole, part = (next(t for t in training_tests.files(evidence(plan=p)) if "repeats" in t.name) for p in (plan, more))

    assert "== pytest.approx(scores" in whole.source
    assert "measured_in_training = ('cv_score',)" in part.source.replace('"', "'")


def test_a_model_that_is_missing_is_an_error_that_the_loader_raises() -> None:
    tree = {
        **small_project.tree(),
        "src/artefacts.py": "def load_artefact(d, n):\n    raise FileNotFoundError('make train')\n",
        "src/evaluation/evaluate.py": "def evaluate(config):\n    return load_artefact(config, 'm')\n",
    }

    found = names(training_tests.files(evidence(tree=tree, sources=read_sources(tree))))

    assert "test_evaluation_needs_a_trained_model" in found
