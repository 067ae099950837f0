from analysed import facts_of

DATA = """
import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, mean_squared_error, classification_report
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
df = pd.read_csv("a.csv")
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
"""


def metrics(tmp_path, code):
    return [(m.model, m.name, m.variable) for m in facts_of(tmp_path, DATA + code).metrics]


def test_a_scaler_is_no_model_and_a_pipeline_is_named_after_its_estimator(tmp_path):
    code = """
scaler = StandardScaler().fit(X_train)
pipe = make_pipeline(StandardScaler(), SVC())
pipe.fit(X_train, y_train)
"""
    assert [(m.name, m.variable, m.framework) for m in facts_of(tmp_path, DATA + code).models] == [
        ("svc", "pipe", "sklearn")
    ]


def test_a_search_is_named_after_the_estimator_inside(tmp_path):
    code = "search = GridSearchCV(RandomForestClassifier(), {'max_depth': [2, 3]})\nsearch.fit(X_train, y_train)"
    [model] = facts_of(tmp_path, DATA + code).models
    assert (model.name, model.variable, model.task, model.features) == (
        "random_forest",
        "search",
        "classification",
        ("X_train", "y_train"),
    )


def test_models_in_a_dictionary_that_a_loop_fits_are_one(tmp_path):
    code = """
models = {"a": SVC(), "b": LogisticRegression()}
for name, model in models.items():
    model.fit(X_train, y_train)
    print(name, accuracy_score(y_test, model.predict(X_test)))
"""
    facts = facts_of(tmp_path, DATA + code)
    assert [(m.name, m.variable) for m in facts.models] == [("models", "models")]
    assert [(m.name, m.model, m.looped) for m in facts.metrics] == [("accuracy", "models", True)]


def test_the_saved_model_is_final_else_the_one_judged_last(tmp_path):
    fitted = (
        "a = SVC().fit(X_train, y_train)\nb = LogisticRegression().fit(X_train, y_train)\nb.score(X_test, y_test)\n"
    )
    assert [m.name for m in facts_of(tmp_path, DATA + fitted).models if m.final] == ["logistic_regression"]
    saved = facts_of(tmp_path, DATA + fitted + "with open('m.pkl', 'wb') as f:\n    joblib.dump(a, f)")
    assert [m.name for m in saved.models if m.final] == ["svc"]
    assert [(a.kind, a.path) for a in saved.artefacts] == [("model", "m.pkl")]


def test_metrics_are_found_in_variables_prints_and_shown_expressions(tmp_path):
    code = """
m = LogisticRegression().fit(X_train, y_train)
pred = m.predict(X_test)
acc = accuracy_score(y_test, pred)
print(f"F1: {f1_score(y_test, pred):.3f}")
print(classification_report(y_test, pred))
m.score(X_train, y_train)
"""
    assert metrics(tmp_path, code) == [
        ("logistic_regression", "accuracy", "acc"),
        ("logistic_regression", "f1", ""),
        ("logistic_regression", "classification_report", ""),
        ("logistic_regression", "train_accuracy", ""),
    ]


def test_the_whole_expression_is_the_number(tmp_path):
    code = """
m = LinearRegression().fit(X_train, y_train)
print('RMSE', np.sqrt(mean_squared_error(y_test, m.predict(X_test))))
"""
    facts = facts_of(tmp_path, DATA + code)
    [metric] = facts.metrics
    line = {s.id: s.code for s in facts.notebook.statements()}[metric.statement]
    assert metric.name == "rmse"
    assert line[metric.span[1] : metric.span[3]] == "np.sqrt(mean_squared_error(y_test, m.predict(X_test)))"


def test_numbers_computed_by_hand_count_when_they_stand_on_a_model(tmp_path):
    code = """
m = LogisticRegression().fit(X_train, y_train)
pred = m.predict(X_test)
share = np.mean(pred == y_test)
baseline = y_test.mean()
print(share, baseline)
"""
    assert metrics(tmp_path, code) == [("logistic_regression", "share", "share")]


def test_a_function_that_keeps_scores_in_a_dictionary(tmp_path):
    code = """
scores = {}
def judge(name, fitted):
    scores[name] = accuracy_score(y_test, fitted.predict(X_test))
m = LogisticRegression().fit(X_train, y_train)
judge("m", m)
"""
    assert metrics(tmp_path, code) == [("logistic_regression", "scores", "scores")]


def test_metrics_of_one_model_with_one_name_are_told_apart_by_the_authors_words(tmp_path):
    code = """
m = LogisticRegression().fit(X_train, y_train)
acc = accuracy_score(y_test, m.predict(X_test))
late_acc = accuracy_score(y_test, m.predict(X_test))
"""
    assert [name for _, name, _ in metrics(tmp_path, code)] == ["accuracy", "late_acc"]


JUDGE = """
def judge(model, X, y):
    pred = model.predict(X)
    return mean_squared_error(y, pred), accuracy_score(y, pred)
m = LogisticRegression().fit(X_train, y_train)
"""


def test_the_numbers_that_a_call_gives_at_once_are_metrics_under_their_own_names(tmp_path):
    found = metrics(tmp_path, JUDGE + "val_loss, val_acc = judge(m, X_test, y_test)\n")
    assert found == [("logistic_regression", "val_loss", "val_loss"), ("logistic_regression", "val_acc", "val_acc")]


def test_those_of_a_loop_are_its_last_ones(tmp_path):
    loop = "for fold in range(3):\n    val_loss, val_acc = judge(m, X_test, y_test)\n"
    code = loop + "loss, acc = judge(m, X_test, y_test)\n"
    assert [name for _, name, _ in metrics(tmp_path, JUDGE + code)] == ["last_val_loss", "last_val_acc", "loss", "acc"]


def test_a_call_that_gives_no_numbers_by_name_is_one_metric(tmp_path):
    assert [name for _, name, _ in metrics(tmp_path, JUDGE + "a, b = judge(m, X_test, y_test)\n")] == ["judge"]


def test_a_model_given_by_a_formula_is_a_model(tmp_path):
    code = "from statsmodels.formula.api import ols\nfitted = ols('y ~ a', data=df).fit()\nprint(fitted.summary())"
    [model] = facts_of(tmp_path, DATA + code).models
    assert (model.name, model.variable, model.framework, model.task) == ("ols", "fitted", "statsmodels", "regression")
