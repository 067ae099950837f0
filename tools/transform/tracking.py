"""`track`: settings, metrics and models of a run go to MLflow."""

import ast
from collections.abc import Sequence

from tools.plan.model import Returned, SavedModel
from tools.plan.values import Values
from tools.trace.model import ValueFacts
from tools.transform.context import PackageContext

_SKLEARN = ("sklearn", "xgboost", "lightgbm", "catboost")


def track_functions(package: PackageContext, examples: bool) -> str:
    """Return the text of `track` and of what it needs.

    Args:
        package: Facts and plan.
        examples: It gets input examples of models.
    """
    served = [saved for saved in package.plan.saved if saved.served]
    alike = [s for s in served if serving_kind(package, s) == "sklearn" and input_example(package, s)]
    together = alike if len(alike) > 1 else []
    parts = [_logged_together(together)] if together else []
    parts += [_logged(package, saved) for saved in package.plan.saved if saved.model and saved not in together]
    logged = "\n".join(f"        {line}" for part in parts for line in part)
    argument = ", examples: dict[str, Any]" if examples else ""
    described = "\n        examples: Input example of each model." if examples else ""
    wrapper = _wrapper(package)
    return f'''{wrapper}def track(config: Config, metrics: dict[str, float]{argument}) -> None:
    """Log settings, metrics and models to MLflow.

    Args:
        config: All settings.
        metrics: Metrics by name.{described}
    """
    with mlflow.start_run(run_name="{package.plan.project}"):
        mlflow.log_params({{key: str(value)[:500] for key, value in flat_settings(asdict(config)).items()}})
        mlflow.log_metrics(metrics)
        mlflow.log_dict(asdict(config), "config.yaml")
{logged}


def flat_settings(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested settings by dotted key.

    Args:
        settings: Nested settings.
        prefix: In front of each key.

    Returns:
        Value by key, such as `data.path`.
    """
    flat: dict[str, Any] = {{}}
    for name, value in settings.items():
        key = f"{{prefix}}{{name}}"
        flat |= flat_settings(value, f"{{key}}.") if isinstance(value, dict) and value else {{key: value}}
    return flat

'''


def _logged_together(models: Sequence[SavedModel]) -> list[str]:
    """Return the lines that log several scikit-learn models in one loop."""
    names = ", ".join(f'"{saved.name}"' for saved in models)
    return [
        f"for name in ({names}):",
        "    model = load_artefact(config.training.output_dir, name)",
        "    mlflow.sklearn.log_model(",
        "        model,",
        "        name=name,",
        "        signature=infer_signature(examples[name], model.predict(examples[name])),",
        "        input_example=examples[name],",
        '        pip_requirements="requirements.txt",',
        '        serialization_format="cloudpickle",',
        "    )",
    ]


def _logged(package: PackageContext, saved: SavedModel) -> list[str]:
    """Return the lines that log one served model."""
    load = f'load_artefact(config.training.output_dir, "{saved.name}")'
    kind = serving_kind(package, saved)
    example = input_example(package, saved)
    if kind == "sklearn" and example:
        return [
            f"model = {load}",
            f'example = examples["{saved.name}"]',
            "mlflow.sklearn.log_model(",
            "    model,",
            f'    name="{saved.name}",',
            "    signature=infer_signature(example, model.predict(example)),",
            "    input_example=example,",
            '    pip_requirements="requirements.txt",',
            '    serialization_format="cloudpickle",',
            ")",
        ]
    if kind == "sklearn":
        return [
            "mlflow.sklearn.log_model(",
            f"    {load},",
            f'    name="{saved.name}",',
            '    pip_requirements="requirements.txt",',
            '    serialization_format="cloudpickle",',
            ")",
        ]
    if kind == "torch":
        return [f'log_network({load}, "{saved.name}"' + (f', examples["{saved.name}"])' if example else ")")]
    if kind == "predict":
        given = f', input_example=examples["{saved.name}"]' if example else ""
        return [
            "mlflow.pyfunc.log_model(",
            f'    name="{saved.name}",',
            f"    python_model=Served({load}),",
            '    pip_requirements="requirements.txt",',
            f'    code_paths=["src"]{given},',
            ")",
        ]
    return [f'mlflow.log_artifact(str(artefact_path(config.training.output_dir, "{saved.name}")))']


def serving_kind(package: PackageContext, saved: SavedModel) -> str:
    """Return how a model is served: `sklearn`, `torch`, `predict` (any object with that method) or `file`."""
    use = next((m for m in package.facts.models if m.name == saved.model), None)
    if use is None:
        return "file"
    value = _value_facts(package, saved)
    bare = use.type.rsplit(".", 1)[-1]
    if value is not None and value.type in ("builtins.list", "builtins.dict", "builtins.tuple"):
        return "file"
    if not saved.served:
        return "file"
    if use.framework in _SKLEARN and bare != "Booster":
        return "sklearn"
    if use.framework == "torch" or (value is not None and any("torch.nn" in base for base in value.bases)):
        return "torch"
    if use.framework == "own" and _own_class_predicts(package, bare):
        return "predict"
    return "file"


def _value_facts(package: PackageContext, saved: SavedModel) -> ValueFacts | None:
    function = next((f for f in package.stages if f.name == saved.function), None)
    return Values(package.facts).at(saved.variable, function.statements[-1]) if function else None


def _own_class_predicts(package: PackageContext, name: str) -> bool:
    for statement in package.statements.values():
        if package.facts.statements[statement.id].kind == "class":
            node = ast.parse(statement.code).body[0]
            if isinstance(node, ast.ClassDef) and node.name == name:
                return any(isinstance(item, ast.FunctionDef) and item.name == "predict" for item in node.body)
    return False


def _wrapper(package: PackageContext) -> str:
    kinds = {serving_kind(package, saved) for saved in package.plan.saved if saved.served}
    text = ""
    if "predict" in kinds:
        text += '''class Served(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Serves a model by its `predict`."""

    def __init__(self, model: Any) -> None:
        """Keep the model.

        Args:
            model: A fitted model.
        """
        self.model = model

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Predict for a batch.

        Args:
            context: Of MLflow; not used.
            model_input: Rows.
            params: Not used.

        Returns:
            What the model predicts.
        """
        return self.model.predict(getattr(model_input, "to_numpy", lambda: model_input)())


'''
    if "torch" in kinds:
        text += '''def log_network(network: torch.nn.Module, name: str, example: Any = None) -> None:
    """Log a network to the active MLflow run.

    Args:
        network: Trained.
        name: Of the model.
        example: A batch of its input; None if it is not known.
    """
    network.eval()
    if not isinstance(example, torch.Tensor):
        mlflow.pytorch.log_model(
            network, name=name, pip_requirements="requirements.txt", serialization_format="pickle"
        )
        return
    rows = example.detach().cpu().numpy()
    output = network(example.detach().cpu()).detach().numpy()
    signature = infer_signature(rows, output)
    mlflow.pytorch.log_model(
        network, name=name, signature=signature, input_example=rows, pip_requirements="requirements.txt"
    )


'''
    return text


def input_example(package: PackageContext, saved: SavedModel) -> str:
    """Return the expression of an input example of a served model; empty where none is in reach."""
    if not saved.served or not saved.features:
        return ""
    position = next((n for n, f in enumerate(package.stages) if f.name == saved.function), -1)
    for function in package.stages[: position + 1]:
        for returned in function.returns:
            if returned.variable == saved.features:
                return _first_rows(returned)
    return ""


def _first_rows(returned: Returned) -> str:
    """Return the expression of the first rows of a value; a loader is not drawn from, its data set is looked up."""
    if returned.annotation.startswith("DataLoader"):
        return f"torch.stack([{returned.name}.dataset[0][0], {returned.name}.dataset[1][0]])"
    if returned.annotation.startswith("TensorDataset"):
        return f"torch.stack([{returned.name}[0][0], {returned.name}[1][0]])"
    return f"{returned.name}[:5]"
