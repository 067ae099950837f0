"""Training tracks its parameters, metrics and model."""

import ast

from guardrails.rules.model import Example, Finding, Rule, Subject

TRAINING = "src/training/"


def find(subject: Subject) -> list[Finding]:
    """Return what training does not log to MLflow.

    Args:
        subject: The repository.
    """
    if not any(path.startswith(TRAINING) for path in subject.sources):
        return []
    logged = {
        node.func.attr
        for path, node in subject.nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    served = subject.plan is None or any(saved.served for saved in subject.plan.saved)
    wanted = {
        "parameters": {"log_params", "log_param"},
        "metrics": {"log_metrics", "log_metric"},
        **({"the model": {"log_model"}} if served else {}),
    }
    return [
        Finding(f"{TRAINING}train.py", 0, f"training does not log {what} to MLflow: call {sorted(calls)[0]}")
        for what, calls in wanted.items()
        if not calls & logged
    ]


RULE = Rule(
    "G011",
    "tracked-training",
    find,
    example=Example(
        "src/training/train.py",
        "mlflow.log_params(settings)\n",
        "mlflow.log_params(settings)\nmlflow.log_metrics(metrics)\nmlflow.sklearn.log_model(model)\n",
    ),
    words=(r"mlflow", r"experiment tracking"),
)
