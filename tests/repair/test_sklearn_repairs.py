"""scikit-learn, before and after."""

import pytest
from repair_cases import repaired

OLD_KFOLD = {"KFold": "sklearn.cross_validation.KFold", "cv": "sklearn.cross_validation"}
IMPUTER = {"Imputer": "sklearn.preprocessing.Imputer"}
BAGGING = {"BaggingClassifier": "sklearn.ensemble.BaggingClassifier"}

CASES = [
    (
        "sklearn-cross-validation",
        "from sklearn.cross_validation import train_test_split, KFold  # split",
        "from sklearn.model_selection import train_test_split, KFold  # split",
        {},
    ),
    (
        "sklearn-cross-validation",
        "from sklearn import cross_validation, svm",
        "from sklearn import model_selection as cross_validation, svm",
        {},
    ),
    (
        "sklearn-cross-validation",
        "import sklearn.cross_validation as cv",
        "import sklearn.model_selection as cv",
        {},
    ),
    (
        "sklearn-cross-validation",
        "folds = KFold(len(x), n_folds=10, shuffle=True)",
        "folds = list(KFold(n_splits=10, shuffle=True).split(range(len(x))))",
        OLD_KFOLD,
    ),
    (
        "sklearn-cross-validation",
        "folds = cv.StratifiedKFold(y)",
        "folds = list(cv.StratifiedKFold(n_splits=3).split(y, y))",
        OLD_KFOLD,
    ),
    (
        "sklearn-grid-search",
        "from sklearn.grid_search import GridSearchCV",
        "from sklearn.model_selection import GridSearchCV",
        {},
    ),
    ("sklearn-externals", "from sklearn.externals import joblib", "import joblib", {}),
    ("sklearn-externals", "from sklearn.externals.joblib import dump", "from joblib import dump", {}),
    (
        "sklearn-imputer",
        "from sklearn.preprocessing import StandardScaler, Imputer",
        "from sklearn.preprocessing import StandardScaler\nfrom sklearn.impute import SimpleImputer as Imputer",
        {},
    ),
    (
        "sklearn-imputer",
        "fill = Imputer(missing_values='NaN', strategy='mean', axis=0)",
        "fill = Imputer(missing_values=np.nan, strategy='mean')",
        IMPUTER,
    ),
    (
        "sklearn-base-estimator",
        "m = BaggingClassifier(base_estimator=tree, n_estimators=3)",
        "m = BaggingClassifier(estimator=tree, n_estimators=3)",
        BAGGING,
    ),
    (
        "sklearn-base-estimator",
        "grid = {'base_estimator__max_depth': [1, 2]}",
        "grid = {'estimator__max_depth': [1, 2]}",
        {},
    ),
]
UNTOUCHED = [
    ("sklearn-cross-validation", "from sklearn.model_selection import KFold", {}),
    ("sklearn-cross-validation", "folds = KFold(5)", {"KFold": "sklearn.model_selection.KFold"}),
    (
        "sklearn-cross-validation",
        "try:\n    from sklearn.model_selection import KFold\n"
        "except ImportError:\n    from sklearn.cross_validation import KFold",
        {},
    ),
    ("sklearn-grid-search", "grid_search = GridSearchCV(m, {})", {}),
    ("sklearn-externals", "import joblib", {}),
    ("sklearn-imputer", "fill = Imputer(axis=1)", IMPUTER),
    ("sklearn-imputer", "fill = Imputer(axis=0)", {"Imputer": "mine.Imputer"}),
    ("sklearn-base-estimator", "m = Wrapper(base_estimator=tree)", {"Wrapper": "mine.Wrapper"}),
]


@pytest.mark.parametrize(("code", "before", "after", "imports"), CASES)
def test_repaired(code: str, before: str, after: str, imports: dict[str, str]) -> None:
    assert repaired(code, before, **imports) == after


@pytest.mark.parametrize(("code", "before", "imports"), UNTOUCHED)
def test_left_alone(code: str, before: str, imports: dict[str, str]) -> None:
    assert repaired(code, before, **imports) == before
