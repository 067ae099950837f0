"""`sklearn.externals` held copies of joblib and six."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

REPAIR = Codemod(
    code="sklearn-externals",
    library="scikit-learn",
    since="0.23",
    reason="`sklearn.externals` is empty: what it held is the package `joblib`, and `io.StringIO` for `six.StringIO`",
    mentions=("externals",),
    change=moved(
        {
            "sklearn.externals.joblib": "joblib",
            "sklearn.externals.six.StringIO": "io.StringIO",
            "sklearn.externals.six": "six",
        }
    ),
    errors=(r"sklearn\.externals", r"cannot import name '(joblib|six)'"),
    certain=True,
)
