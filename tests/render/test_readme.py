from tests.render import small_project
from tools.plan.model import ExtractionPlan
from tools.render.readme import examples, job_example, layout, metrics_table, paragraph, recorded_metrics


def test_one_row_a_metric() -> None:
    table = metrics_table(small_project.plan(), {"accuracy": 0.91234, "f1": 0.5})

    assert table.columns == ("metric", "value")
    assert table.rows == (("`accuracy`", "0.9123"), ("`f1`", "0.5"))


def test_one_row_a_model_where_several_are_compared() -> None:
    plan = ExtractionPlan(project="p", models=("svc", "knn"), default_models=("svc",))

    table = metrics_table(plan, {"svc.f1": 0.5, "knn.f1": 0.25, "knn.auc": 1.0})

    assert table.columns == ("model", "f1", "auc")
    assert table.rows == (("`svc` (default)", "0.5", ""), ("`knn`", "0.25", "1"))


def test_no_figures_no_table() -> None:
    assert metrics_table(small_project.plan(), {}).rows == ()


def test_metrics_come_from_the_run() -> None:
    facts = small_project.facts()
    known = facts.metrics[0].model_copy(update={"value": 0.9})

    assert recorded_metrics(small_project.plan(), facts) == {}
    assert recorded_metrics(small_project.plan(), facts.model_copy(update={"metrics": (known,)})) == {"accuracy": 0.9}


def test_examples_change_a_hyperparameter() -> None:
    plan = small_project.plan()

    assert examples(plan) == ("model.max_depth=3",)
    assert job_example(plan, small_project.tree()) == "model_max_depth=3"


def test_prose_is_wrapped_and_lists_are_kept() -> None:
    assert paragraph("a\nb " * 40).count("\n") == 1
    assert paragraph("- a\n- b") == "- a\n- b"


def test_layout_names_the_data() -> None:
    assert dict(layout(small_project.plan(), small_project.tree()))["data/"] == "flowers.csv"
