"""Arguments that were given by position."""

import re

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import argument_text, calls

_ORDERS = {
    "confusion_matrix": "y_true y_pred labels",
    "classification_report": "y_true y_pred labels target_names",
    "roc_curve": "y_true y_score pos_label",
    "precision_recall_curve": "y_true probas_pred pos_label",
    "accuracy_score": "y_true y_pred normalize",
    "f1_score": "y_true y_pred labels pos_label average",
    "precision_score": "y_true y_pred labels pos_label average",
    "recall_score": "y_true y_pred labels pos_label average",
    "SVC": "C kernel degree gamma",
    "SVR": "kernel degree gamma coef0 tol C",
    "LogisticRegression": "penalty dual tol C",
    "GridSearchCV": "estimator param_grid scoring",
    "cross_val_score": "estimator X y groups scoring cv",
    "learning_curve": "estimator X y groups train_sizes cv",
    "validation_curve": "estimator X y param_name param_range",
    "KMeans": "n_clusters init n_init",
    "DecisionTreeClassifier": "criterion splitter max_depth",
    "DecisionTreeRegressor": "criterion splitter max_depth",
    "RandomForestClassifier": "n_estimators criterion max_depth",
    "RandomForestRegressor": "n_estimators criterion max_depth",
    "AdaBoostClassifier": "estimator n_estimators learning_rate",
    "KNeighborsClassifier": "n_neighbors weights algorithm",
    "PolynomialFeatures": "degree interaction_only include_bias",
    "StandardScaler": "copy with_mean with_std",
    "MinMaxScaler": "feature_range copy",
    "Ridge": "alpha fit_intercept",
    "Lasso": "alpha fit_intercept",
    "MLPClassifier": "hidden_layer_sizes activation solver alpha",
    "TSNE": "n_components perplexity",
    "SelectKBest": "score_func k",
    "RFE": "estimator n_features_to_select",
    "make_blobs": "n_samples n_features centers cluster_std",
    "make_classification": "n_samples n_features n_informative n_redundant",
    "make_moons": "n_samples shuffle noise random_state",
    "make_circles": "n_samples shuffle noise random_state factor",
    "SelectFromModel": "estimator threshold prefit",
    "IsolationForest": "n_estimators max_samples contamination",
    "load_files": "container_path description",
}
_TAKES = re.compile(r"(\w+)(?:\.__init__)?\(\) takes (?:from \d+ to )?(\d+) positional")


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with the arguments behind those that may be given by position named."""
    found = _TAKES.search(scope.error)
    name = qualified(original.func, scope)
    short = name.rpartition(".")[2]
    if found is None or found[1] != short or not name.startswith("sklearn.") or short not in _ORDERS:
        return None
    allowed = int(found[2]) - (short[:1].isupper())
    order = _ORDERS[short].split()
    positional = [a for a in updated.args if a.keyword is None]
    if len(positional) > len(order) or any(a.star for a in updated.args) or len(positional) <= allowed:
        return None
    parts = [text_of(a.value) for a in positional[:allowed]]
    parts += [argument_text(a, key) for key, a in zip(order[allowed:], positional[allowed:], strict=False)]
    parts += [argument_text(a) for a in updated.args if a.keyword is not None]
    return f"{text_of(updated.func)}({', '.join(parts)})"


REPAIR = Codemod(
    code="sklearn-keyword-only",
    library="scikit-learn",
    since="1.0",
    reason="Most arguments are taken by name only: those that were given by position are named",
    mentions=tuple(_ORDERS),
    change=calls(_rewritten),
    errors=(r"takes (from )?\d+ (to \d+ )?positional arguments? but \d+ (positional arguments|were given)",),
)
