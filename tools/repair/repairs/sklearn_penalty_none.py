"""`penalty="none"` of the linear classifiers."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="sklearn-penalty-none",
    library="scikit-learn",
    since="1.4",
    reason="`penalty='none'` is gone: `None` means the same",
    mentions=("penalty",),
    change=keywords(
        ("sklearn.LogisticRegression", "sklearn.SGDClassifier", "sklearn.Perceptron"),
        (Keyword("penalty", values={"'none'": "None"}),),
    ),
    errors=(r"'penalty' parameter",),
    certain=True,
)
