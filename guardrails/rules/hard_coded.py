"""No hyperparameter in code: it belongs into configs/default.yaml."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject

HYPERPARAMETERS = frozenset(
    {
        "alpha",
        "batch_size",
        "colsample_bytree",
        "dropout",
        "epochs",
        "eta",
        "eta0",
        "gamma",
        "hidden_layer_sizes",
        "kernel",
        "l1_ratio",
        "lambda_l1",
        "lambda_l2",
        "learning_rate",
        "learning_rate_init",
        "lr",
        "max_depth",
        "max_features",
        "max_iter",
        "max_leaf_nodes",
        "min_samples_leaf",
        "min_samples_split",
        "momentum",
        "n_clusters",
        "n_components",
        "n_estimators",
        "n_neighbors",
        "n_splits",
        "num_leaves",
        "penalty",
        "random_state",
        "reg_alpha",
        "reg_lambda",
        "seed",
        "subsample",
        "test_size",
        "train_size",
        "weight_decay",
        "C",
    }
)


def find(subject: Subject) -> list[Finding]:
    """Return the calls that pass a number or word for a known hyperparameter.

    Args:
        subject: The repository.
    """
    return [
        Finding(path, node.value.lineno, f"{node.arg}={ast.unparse(node.value)} is hard-coded: make it a setting")
        for path, node in subject.nodes()
        if isinstance(node, ast.keyword) and node.arg in HYPERPARAMETERS and _literal(node.value)
    ]


def _literal(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        return _literal(value.operand)
    if isinstance(value, ast.Tuple | ast.List):
        return bool(value.elts) and all(_literal(item) for item in value.elts)
    kept = isinstance(value, ast.Constant) and value.value is not None
    return kept and isinstance(value, ast.Constant) and isinstance(value.value, int | float | str)


RULE = Rule(
    "G010",
    "hyperparameters-in-settings",
    find,
    severity="warning",
    example=Example("src/models/model.py", "Forest(n_estimators=300)\n", "Forest(n_estimators=config.n_estimators)\n"),
    words=(r"hyper-?param", r"externali[sz]ed config", r"hard-?coded (value|param|setting|number)", r"magic numbers?"),
)
