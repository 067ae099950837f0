"""Model definitions."""

from sklearn.tree import DecisionTreeClassifier


def build_decision_tree(max_depth: int, seed: int) -> DecisionTreeClassifier:
    """Build the decision tree.

    Args:
        max_depth: Number of levels.
        seed: Seed of the choice of features.

    Returns:
        An unfitted classifier.
    """
    return DecisionTreeClassifier(max_depth=max_depth, random_state=seed)
