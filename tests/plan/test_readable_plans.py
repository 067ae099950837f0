"""What makes a plan read well: one place for seeds, containers near their use, names and settings that tell."""

import pytest

from tests.plan.planned import facts_of, named, plan_of
from tools.analysis.model import Stage
from tools.plan.criteria import find_criteria
from tools.plan.evaluation import plan_evaluation
from tools.plan.meanings import argument_meaning, meaning, section_meaning, variable_meaning
from tools.plan.model import Constraint, FunctionPlan, Parameter, Returned, Setting
from tools.plan.naming import data_heading_name, heading_name, name_by_heading, purpose_of

IMPORTS = """
import random
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
# %%
"""
DATA = """
# %%
df = pd.read_csv("data/rows.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], test_size=0.25)
"""
LOADED = IMPORTS + DATA.removeprefix("\n# %%\n")
FIT = """
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
"""
TWO = """
# %%
def report(name, fitted):
    scores[name] = {"accuracy": accuracy_score(y_test, fitted.predict(X_test))}
# %%
logistic = LogisticRegression()
logistic.fit(X_train, y_train)
report("logistic", logistic)
# %%
svm = SVC()
svm.fit(X_train, y_train)
report("svm", svm)
"""


@pytest.mark.parametrize(
    ("seeding", "generators"),
    [
        ("SEED = 7\nnp.random.seed(SEED)", ("numpy",)),
        ("np.random.seed(7)", ("numpy",)),
    ],
)
def test_seeding_first_of_all_is_what_the_package_does_anyway(tmp_path, seeding, generators):
    plan = plan_of(tmp_path, IMPORTS + seeding + DATA + FIT)

    assert plan.seeded == generators
    assert not {i for f in plan.functions for i in f.statements} & {"c2.s1", "c2.s2", "c2.s3"}
    assert plan.functions[0].name == "load_data"


@pytest.mark.parametrize(
    "text",
    [
        LOADED + "# %%\nnp.random.seed(7)\nnoise = np.random.rand()" + FIT,
        IMPORTS + "rng = np.random.default_rng(7)\nx = rng.random()" + DATA + FIT + "accuracy += x\n",
        IMPORTS + "x = np.random.rand()\nnp.random.seed(7)" + DATA + "X_train['x'] = x\n" + FIT,
        IMPORTS + "np.random.seed(int('7'))" + DATA + FIT,
        IMPORTS.strip().removesuffix("# %%") + DATA + FIT,
    ],
)
def test_seeding_that_is_more_than_that_stays_where_it_is(tmp_path, text):
    assert plan_of(tmp_path, text).seeded == ()


def test_an_empty_container_is_made_where_it_is_filled(tmp_path):
    plan = plan_of(tmp_path, IMPORTS + "scores = {}" + DATA + TWO)

    judging = named(plan, "evaluate_logistic_regression")
    assert judging.statements[0] == "c2.s1"
    assert "scores" not in {p.name for p in judging.parameters}


@pytest.mark.parametrize(
    "first",
    ["scores = {'a': np.random.rand()}", "scores = {'a': 1}", "scores = dict(a=1)", "scores = dict([('a', 1)])"],
)
def test_a_container_with_something_in_it_stays_where_it_is(tmp_path, first):
    plan = plan_of(tmp_path, IMPORTS + first + DATA + TWO)

    assert "c2.s1" not in named(plan, "evaluate_logistic_regression").statements


def test_one_function_keeps_the_order_of_the_notebook(tmp_path):
    plan = plan_of(tmp_path, IMPORTS + "scores = {}" + DATA + TWO, Constraint(kind="one-function", target=""))

    (whole,) = [f for f in plan.functions if f.kind == "stage"]
    assert whole.statements[0] == "c2.s1"


def test_a_container_that_grows_is_one_metric_of_no_model(tmp_path):
    facts = facts_of(
        tmp_path,
        LOADED
        + """
# %%
scores = {}
logistic = LogisticRegression()
logistic.fit(X_train, y_train)
scores["logistic"] = accuracy_score(y_test, logistic.predict(X_test))
# %%
svm = SVC()
svm.fit(X_train, y_train)
scores["svm"] = accuracy_score(y_test, svm.predict(X_test))
""",
    )
    criteria = find_criteria(facts)
    held = [m for m in criteria.metrics if m.variable == "scores"]

    assert [m.model for m in held] in ([], [""])
    assert {m.model for m in criteria.judging} == {"logistic_regression", "svc"}


def test_what_is_made_of_predictions_is_judged_with_them(tmp_path):
    plan = plan_of(
        tmp_path,
        LOADED
        + """
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
# %%
proba = model.predict_proba(X_test)[:, 1]
pred = (proba >= 0.4).astype(int)
accuracy = accuracy_score(y_test, pred)
""",
    )
    judging = named(plan, "evaluate_logistic_regression")

    assert judging.statements == ("c4.s1", "c4.s2", "c4.s3")


def test_what_is_made_after_training_for_metrics_alone_is_judged_with_them(tmp_path):
    plan = plan_of(
        tmp_path,
        LOADED
        + """
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
# %%
found = np.exp(model.predict(X_test))
truth = np.exp(y_test)
accuracy = accuracy_score(truth, found)
""",
    )
    assert named(plan, "evaluate_logistic_regression").statements == ("c4.s1", "c4.s2", "c4.s3")


def test_the_options_of_a_second_model_are_its_own(tmp_path):
    facts = facts_of(
        tmp_path,
        LOADED
        + """
# %%
model = LogisticRegression()
model.fit(X_train, y_train)
print(accuracy_score(y_test, model.predict(X_test)))
# %%
params = dict(C=0.5, max_iter=300)
model = LogisticRegression(**params, tol=0.01)
model.fit(X_train, y_train)
print(accuracy_score(y_test, model.predict(X_test)))
""",
    )
    keys = {h.key.rpartition(".")[0] for h in facts.hyperparameters if h.key.endswith((".C", ".max_iter", ".tol"))}
    assert keys == {"logistic_regression_2"}


def test_the_model_of_a_sweep_takes_the_higher_number(tmp_path):
    facts = facts_of(
        tmp_path,
        LOADED
        + """
# %%
for c in [0.1, 1.0]:
    trial = LogisticRegression(C=c)
    trial.fit(X_train, y_train)
    print(accuracy_score(y_test, trial.predict(X_test)))
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
print(accuracy_score(y_test, model.predict(X_test)))
""",
    )
    assert {m.variable: m.name for m in facts.models} == {
        "trial": "logistic_regression_2",
        "model": "logistic_regression",
    }


def function(name: str, stage: Stage, takes: str, gives: str, statement: str) -> FunctionPlan:
    return FunctionPlan(
        name=name,
        module=f"src/{name}.py",
        stage=stage,
        kind="stage",
        statements=(statement,),
        parameters=tuple(Parameter(name=v, annotation="Any", variable=v) for v in takes.split()),
        returns=tuple(
            Returned(name=v, variable=v, statement=statement, annotation="Any", metric="accuracy" * (v == "accuracy"))
            for v in gives.split()
        ),
    )


@pytest.mark.parametrize(
    ("drawing", "saved", "evaluation"),
    [
        (frozenset(), {"net"}, ("build_device", "evaluate")),
        (frozenset({"c1.s1"}), {"device", "net"}, ("evaluate",)),
    ],
)
def test_what_is_made_of_settings_alone_is_made_again_by_the_evaluation(drawing, saved, evaluation):
    functions = [
        function("build_device", "model", "", "device", "c1.s1"),
        function("build_net", "model", "device", "net", "c2.s1"),
        function("train_net", "training", "device net", "net", "c3.s1"),
        function("evaluate", "evaluation", "device net", "accuracy", "c4.s1"),
    ]
    plan = plan_evaluation(functions, (), (), drawing)

    assert {s.variable for s in plan.saved} == saved
    assert plan.functions == evaluation


@pytest.mark.parametrize(
    ("wanted", "heading", "name"),
    [
        ("clean_data", "Missing values", "clean_missing_values"),
        ("clean_data", "3.1 Outliers", "clean_outliers"),
        ("evaluate_model", "Compare the models", "compare_models"),
        ("clean_data", "Who is missing?", ""),
        ("evaluate_model", "Results", ""),
        ("clean_data", "Clean data", ""),
        ("clean_data", "", ""),
        ("clean_data", "Everything we know about the sensors so far", ""),
    ],
)
def test_a_heading_tells_functions_apart(wanted, heading, name):
    assert name_by_heading(wanted, heading) == name


@pytest.mark.parametrize(
    ("heading", "name"),
    [("Train / test", ""), ("Test data", ""), ("Clean the data", "clean_data"), ("Compare models", "")],
)
def test_a_heading_about_models_names_nothing_done_to_data(heading, name):
    assert data_heading_name(heading) == name


@pytest.mark.parametrize(
    ("heading", "name", "purpose"),
    [
        ("Impute and scale", "impute_and_scale", "Impute and scale the data."),
        ("Cleaning and encoding", "clean_and_encode", "Clean and encode the data."),
        ("Split the data", "split_data", "Split the data into parts to train and to test on."),
    ],
)
def test_two_verbs_are_joined(heading, name, purpose):
    assert heading_name(heading) == name
    assert purpose_of(name, heading, "") == purpose


@pytest.mark.parametrize(
    ("name", "model", "purpose"),
    [
        ("train_svc", "svc", "Train the support vector classifier."),
        ("train_random_forest", "random_forest_2", "Train the random forest."),
        ("evaluate_k_neighbors", "k_neighbors", "Evaluate the nearest-neighbour model."),
    ],
)
def test_a_model_has_its_name_in_a_sentence(name, model, purpose):
    assert purpose_of(name, "", model) == purpose


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        (Setting(key="data.path", value="'data/a.csv'", annotation="str"), "CSV file"),
        (Setting(key="data.path", value="'https://x.org/a.csv'", annotation="str"), "CSV file, at an address"),
        (Setting(key="data.test_size", value="0.2", annotation="float"), "Share of the rows to test on"),
        (Setting(key="data.test_size", value="200", annotation="int"), "Number of rows to test on"),
        (Setting(key="model.svc.grid.C", value="[1, 2]", annotation="list[int]"), "Values of `C` to try"),
        (Setting(key="preprocessing.age_max", value="90", annotation="int"), "Largest `age`"),
        (Setting(key="data.drop_cols", value="['a']", annotation="list[str]"), "Columns to drop"),
        (
            Setting(key="model.svc.shrink", value="1", annotation="int"),
            "Argument `shrink` of the support vector classifier",
        ),
        (Setting(key="data.fee", value="3", annotation="int", variable="FEE"), "`FEE` of the notebook"),
        (
            Setting(key="data.fee", value="3", annotation="int", variable="FEE", comment="c4: what we charge."),
            "`FEE` of the notebook: what we charge",
        ),
        (Setting(key="data.weights", value="[1]", annotation="list[int]", variable="W"), "`W` of the notebook"),
        (Setting(key="model.knn.weights", value="'distance'", annotation="str"), "How neighbours are weighted"),
    ],
)
def test_a_setting_says_what_it_means(setting, text):
    assert meaning(setting) == text


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("", "All settings."),
        ("model.svc", "Hyperparameters of the support vector classifier."),
        ("model.svc.grid", "Values to try in the search for the support vector classifier."),
        ("preprocessing.imputer", "Settings of the imputer."),
    ],
)
def test_a_section_says_what_it_holds(section, text):
    assert section_meaning(section) == text


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("X_train", "Features of the training rows"),
        ("X_test_scaled", "Features of the test rows"),
        ("y_val", "Target of the validation rows"),
        ("train_labels", "Target of the training rows"),
        ("y_pred", "Predictions"),
        ("proba", "Predicted probabilities"),
        ("problem", ""),
        ("example", ""),
        ("xtra", ""),
    ],
)
def test_a_variable_that_everyone_names_so_is_known(variable, text):
    assert variable_meaning(variable) == text


def test_a_parameter_of_an_own_function_is_known_where_its_name_means_one_thing():
    assert argument_meaning("loader") == "Batches"
    assert argument_meaning("weights") == ""


def test_what_predicts_nothing_is_saved_and_not_served(tmp_path):
    plan = plan_of(
        tmp_path,
        """
import pandas as pd
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score
X = pd.read_csv("rows.csv")
# %%
centres = KMeans(n_clusters=3)
centres.fit(X)
print(silhouette_score(X, centres.labels_))
# %%
ward = AgglomerativeClustering(n_clusters=3)
ward.fit(X)
print(silhouette_score(X, ward.labels_))
""",
    )
    assert {s.name: s.served for s in plan.saved if s.model} == {"k_means": True, "agglomerative_clustering": False}
