"""Arguments, names and values of scikit-learn, before and after."""

import pytest
from repair_cases import BY_CODE, repaired

from tools.repair.apply import answers, changed_code
from tools.repair.model import Failure, Scope

MODELS = {
    name: f"sklearn.some.{name}"
    for name in [
        "OneHotEncoder",
        "LabelBinarizer",
        "AgglomerativeClustering",
        "SpectralClustering",
        "LinearRegression",
        "Ridge",
        "SGDClassifier",
        "RandomForestRegressor",
        "RandomForestClassifier",
        "LogisticRegression",
        "AdaBoostClassifier",
        "KNeighborsClassifier",
        "KMeans",
        "GridSearchCV",
        "RandomizedSearchCV",
        "KFold",
    ]
} | {name: f"sklearn.metrics.{name}" for name in ("mean_squared_error", "plot_roc_curve")}

CASES = [
    ("sklearn-private-modules", "from sklearn.svm.classes import SVC", "from sklearn.svm import SVC"),
    (
        "sklearn-discriminant-analysis",
        "from sklearn.lda import LDA",
        "from sklearn.discriminant_analysis import LinearDiscriminantAnalysis as LDA",
    ),
    (
        "sklearn-renamed-metrics",
        "from sklearn.metrics import jaccard_similarity_score",
        "from sklearn.metrics import accuracy_score as jaccard_similarity_score",
    ),
    (
        "sklearn-gaussian-mixture",
        "from sklearn.mixture import GMM",
        "from sklearn.mixture import GaussianMixture as GMM",
    ),
    ("sklearn-feature-names", "n = vect.get_feature_names()", "n = vect.get_feature_names_out()"),
    ("sklearn-features-seen", "n = tree.n_features_", "n = tree.n_features_in_"),
    ("sklearn-sparse-output", "e = OneHotEncoder(sparse=False)", "e = OneHotEncoder(sparse_output=False)"),
    (
        "sklearn-affinity",
        "c = AgglomerativeClustering(3, affinity='cosine')",
        "c = AgglomerativeClustering(3, metric='cosine')",
    ),
    ("sklearn-linear-normalize", "m = LinearRegression(normalize=True)", "m = LinearRegression()"),
    ("sklearn-linear-normalize", "m = Ridge(1, normalize=False)", "m = Ridge(1)"),
    (
        "sklearn-criterion",
        "m = RandomForestRegressor(criterion='mse')",
        "m = RandomForestRegressor(criterion='squared_error')",
    ),
    (
        "sklearn-criterion",
        "grid = {'criterion': ['mse', 'mae']}",
        "grid = {'criterion': ['squared_error', 'absolute_error']}",
    ),
    ("sklearn-loss", "m = SGDClassifier(loss='log')", "m = SGDClassifier(loss='log_loss')"),
    (
        "sklearn-max-features",
        "m = RandomForestClassifier(max_features='auto')",
        "m = RandomForestClassifier(max_features='sqrt')",
    ),
    (
        "sklearn-max-features",
        "m = RandomForestRegressor(max_features='auto')",
        "m = RandomForestRegressor(max_features=1.0)",
    ),
    (
        "sklearn-max-features-grid",
        "grid = {'rf__max_features': ['auto', 3]}",
        "grid = {'rf__max_features': ['sqrt', 3]}",
    ),
    ("sklearn-penalty-none", "m = LogisticRegression(penalty='none')", "m = LogisticRegression(penalty=None)"),
    ("sklearn-multi-class", "m = LogisticRegression(multi_class='auto', C=2)", "m = LogisticRegression(C=2)"),
    (
        "sklearn-multi-class",
        "m = LogisticRegression(multi_class='ovr')",
        "from sklearn.multiclass import OneVsRestClassifier\nm = OneVsRestClassifier(LogisticRegression())",
    ),
    ("sklearn-adaboost-algorithm", "m = AdaBoostClassifier(algorithm='SAMME.R')", "m = AdaBoostClassifier()"),
    ("sklearn-kmeans-arguments", "m = KMeans(3, n_jobs=-1, algorithm='auto')", "m = KMeans(3, algorithm='lloyd')"),
    ("sklearn-squared", "e = mean_squared_error(a, b, squared=False)", "e = (mean_squared_error(a, b) ** 0.5)"),
    ("sklearn-plot-functions", "plot_roc_curve(m, x, y)", "plot_roc_curve.from_estimator(m, x, y)"),
    (
        "sklearn-plot-functions",
        "from sklearn.metrics import plot_roc_curve",
        "from sklearn.metrics import RocCurveDisplay as plot_roc_curve",
    ),
    ("sklearn-gone-arguments", "g = GridSearchCV(m, p, iid=False)", "g = GridSearchCV(m, p)"),
    ("sklearn-iterations", "m = SGDClassifier(n_iter=5)", "m = SGDClassifier(max_iter=5, tol=None)"),
    ("sklearn-splitter-random-state", "k = KFold(n_splits=3, random_state=1)", "k = KFold(n_splits=3)"),
    (
        "sklearn-solver-liblinear",
        "m = LogisticRegression(penalty='l1')",
        "m = LogisticRegression(penalty='l1', solver='liblinear')",
    ),
]
UNTOUCHED = [
    ("sklearn-private-modules", "from sklearn.metrics import accuracy_score"),
    ("sklearn-discriminant-analysis", "from lda import LDA"),
    ("sklearn-renamed-metrics", "from sklearn.metrics import accuracy_score"),
    ("sklearn-gaussian-mixture", "from mine import GMM"),
    ("sklearn-feature-names", "n = get_feature_names(x)"),
    ("sklearn-features-seen", "n = tree.n_features_in_"),
    ("sklearn-sparse-output", "e = LabelBinarizer(sparse=False)"),
    ("sklearn-affinity", "c = SpectralClustering(affinity='rbf')"),
    ("sklearn-linear-normalize", "m = Ridge(1, normalize=True)"),
    ("sklearn-criterion", "m = RandomForestClassifier(criterion='gini')"),
    ("sklearn-loss", "m = SGDClassifier(loss='hinge')"),
    ("sklearn-max-features", "m = RandomForestClassifier(max_features=3)"),
    ("sklearn-max-features-grid", "grid = {'gamma': ['auto']}"),
    ("sklearn-penalty-none", "m = LogisticRegression(penalty='l2')"),
    ("sklearn-multi-class", "m = mine(multi_class='ovr')"),
    ("sklearn-adaboost-algorithm", "m = KNeighborsClassifier(algorithm='auto')"),
    ("sklearn-kmeans-arguments", "m = RandomForestClassifier(n_jobs=-1)"),
    ("sklearn-squared", "e = mine(a, b, squared=False)"),
    ("sklearn-plot-functions", "mine.plot_roc_curve(m, x, y)"),
    ("sklearn-gone-arguments", "g = GridSearchCV(m, p, iid=True)"),
    ("sklearn-iterations", "s = RandomizedSearchCV(m, p, n_iter=5)"),
    ("sklearn-splitter-random-state", "k = KFold(n_splits=3, shuffle=True, random_state=1)"),
    ("sklearn-solver-liblinear", "m = LogisticRegression(penalty='l1', solver='saga')"),
    ("sklearn-keyword-only", "m = KMeans(3, 'random')"),
]


@pytest.mark.parametrize(("code", "before", "after"), CASES)
def test_repaired(code: str, before: str, after: str) -> None:
    assert repaired(code, before, **MODELS) == after


@pytest.mark.parametrize(("code", "before"), UNTOUCHED)
def test_left_alone(code: str, before: str) -> None:
    assert repaired(code, before, **MODELS) == before


def test_arguments_by_position_get_the_names_that_the_error_asks_for() -> None:
    error = "TypeError: confusion_matrix() takes 2 positional arguments but 3 were given"
    failure = Failure(text=error, statement="c1.s1", line=1, top="c1.s1")
    scope = Scope(imports={"confusion_matrix": "sklearn.metrics.confusion_matrix"}, failure=failure, line=1)
    repair = BY_CODE["sklearn-keyword-only"]
    assert answers(repair, error)
    assert changed_code(repair, "confusion_matrix(a, b, [0, 1])", scope) == "confusion_matrix(a, b, labels=[0, 1])"
    assert changed_code(repair, "confusion_matrix(a, b)", scope) == "confusion_matrix(a, b)"
