"""`sklearn.mixture.GMM` became `GaussianMixture`."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

REPAIR = Codemod(
    code="sklearn-gaussian-mixture",
    library="scikit-learn",
    since="0.20",
    reason="`GMM` is gone: `GaussianMixture` fits the same model (from another start)",
    mentions=("GMM",),
    change=moved({"sklearn.mixture.GMM": "sklearn.mixture.GaussianMixture"}),
    errors=(r"(cannot import name|no attribute) 'GMM'",),
    certain=True,
)
