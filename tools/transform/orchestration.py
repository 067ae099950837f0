"""`train` and `evaluate`: the stage functions called in the notebook's order."""

import ast
from collections.abc import Sequence

from tools.plan.model import FunctionPlan, Returned, SavedModel
from tools.plan.naming import RESERVED
from tools.transform.context import PackageContext
from tools.transform.function import only_metrics
from tools.transform.metric_edits import may_be_missing
from tools.transform.signature import arguments_of

_SKLEARN = ("sklearn", "xgboost", "lightgbm", "catboost")


def train_functions(package: PackageContext) -> str:
    """Return the text of `track`, `train` and `main` of src/training/train.py."""
    calls: list[str] = []
    for function in package.stages:
        calls += _call(package, function, package.stages)
        calls += _saved_after(package, function)
    body = "\n".join(f"    {line}" for line in calls)
    examples = any(_example(package, saved) for saved in package.plan.saved)
    made = "    examples: dict[str, Any] = {}\n" if examples else ""
    return f'''{_track(package, examples)}

def train(config: Config) -> dict[str, float]:
    """Run the experiment: train, evaluate, save and track.

    Args:
        config: All settings.

    Returns:
        Metrics by name.
    """
    set_seed(config.seed)
    metrics: dict[str, float] = {{}}
{made}{body}
    write_metrics(metrics, config.evaluation.metrics_path)
    OmegaConf.save(config, Path(config.training.output_dir) / "config.yaml")
    track(config, metrics{", examples" if examples else ""})
    {package.logger}.info("trained", **metrics)
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        argv: Its arguments; those of the process if None.
    """
    configure_logging()
    train(parse_config(argv, default="configs/default.yaml"))


if __name__ == "__main__":
    main()
'''


def evaluate_functions(package: PackageContext) -> str:
    """Return the text of `evaluate` and `main` of src/evaluation/evaluate.py."""
    wanted = [f for f in package.stages if f.name in package.plan.evaluation]
    loaded = _loads(package, wanted)
    calls: list[str] = []
    for function in package.stages:
        if function in wanted:
            calls += _call(package, function, wanted)
        calls += loaded.get(function.name, [])
    if not wanted:
        names = ", ".join(repr(s.name) for s in package.plan.saved)
        calls = [f"for name in ({names},):", "    load_artefact(config.training.output_dir, name)"] if names else []
    body = "\n".join(f"    {line}" for line in calls)
    return f'''def evaluate(config: Config) -> dict[str, float]:
    """Evaluate what training saved, and write the metrics.

    Args:
        config: All settings, as written by the training.

    Returns:
        Metrics by name.

    Raises:
        FileNotFoundError: If nothing has been trained.
    """
    set_seed(config.seed)
    metrics: dict[str, float] = {{}}
{body}
    write_metrics(metrics, config.evaluation.metrics_path)
    {package.logger}.info("evaluated", **metrics)
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        argv: Its arguments; those of the process if None.
    """
    configure_logging()
    # the settings of the training, so that the rows tested on are never rows trained on
    evaluate(parse_config(argv, default="artifacts/config.yaml"))


if __name__ == "__main__":
    main()
'''


def _call(package: PackageContext, function: FunctionPlan, within: Sequence[FunctionPlan]) -> list[str]:
    """Return the lines that call a stage function and take its results."""
    names = {r.variable: _local(r) for f in package.stages for r in f.returns}
    passed = []
    for argument in arguments_of(package, function):
        passed.append(names.get(argument.passed, argument.passed))
    call = f"{function.name}({', '.join(passed)})"
    returns = function.returns
    if not returns:
        return [call]
    later = [r for r in returns if _read_later(package, function, r, within)]
    missing = [r for r in returns if may_be_missing(package, function, r)]
    if only_metrics(function):
        prefix = _common_prefix(returns)
        if missing:
            lines = [f"scores = {call}"]
            lines += [f'metrics |= flatten_metrics("{r.metric}", scores["{r.name}"])' for r in returns]
            return [*lines, *(f'{_local(r)} = scores["{r.name}"]' for r in later)]
        if prefix is None or later:
            lines = [f"scores = {call}"]
            lines += [f'metrics["{r.metric}"] = scores["{r.name}"]' for r in returns]
            return [*lines, *(f'{_local(r)} = scores["{r.name}"]' for r in later)]
        if not prefix:
            return [f"metrics |= {call}"]
        return [f'metrics |= {{f"{prefix}{{name}}": value for name, value in {call}.items()}}']
    taken = [_local(r) if r.metric or r in later else f"_{_local(r)}" for r in returns]
    lines = [f"{', '.join(taken)} = {call}" if len(taken) > 1 or taken[0][0] != "_" else call]
    for returned in returns:
        if returned.metric and returned.annotation == "float" and returned not in missing:
            lines.append(f'metrics["{returned.metric}"] = {_local(returned)}')
        elif returned.metric:
            lines.append(f'metrics |= flatten_metrics("{returned.metric}", {_local(returned)})')
    return lines


def _local(returned: Returned) -> str:
    """Return the variable that takes a result: the notebook's own where a metric has one."""
    if returned.metric and "@" not in returned.capture and returned.variable not in RESERVED:
        return returned.variable
    return returned.name


def _read_later(
    package: PackageContext, function: FunctionPlan, returned: Returned, within: Sequence[FunctionPlan]
) -> bool:
    """Tell whether a result is passed to a later function, or saved, or the input example of a model."""
    after = [f for f in package.stages[package.stages.index(function) + 1 :] if f in within]
    if any(p.variable == returned.variable for f in after for p in f.parameters):
        return True
    if len(within) < len(package.stages):
        return False
    saved = package.plan.saved
    return any(s.function == function.name and s.variable == returned.variable for s in saved) or any(
        _example(package, s) and s.features == returned.variable for s in saved
    )


def _common_prefix(returns: tuple[Returned, ...]) -> str | None:
    """Return what stands in front of each name in metrics.json; None where it differs."""
    prefixes = {r.metric.removesuffix(r.name) for r in returns if r.metric.endswith(r.name)}
    same = len(prefixes) == 1 and all(r.metric.endswith(r.name) for r in returns)
    return prefixes.pop() if same else None


def _saved_after(package: PackageContext, function: FunctionPlan) -> list[str]:
    lines = []
    for saved in package.plan.saved:
        if saved.function == function.name:
            name = next((r.name for r in function.returns if r.variable == saved.variable), saved.variable)
            lines.append(f'save_artefact({name}, config.training.output_dir, "{saved.name}")')
            example = _example(package, saved)
            if example:
                lines.append(f'examples["{saved.name}"] = {example}')
    return lines


def _example(package: PackageContext, saved: SavedModel) -> str:
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


def _loads(package: PackageContext, wanted: list[FunctionPlan]) -> dict[str, list[str]]:
    """Return the lines that load saved values, by the function after whose place they stand."""
    needed = {p.variable for f in wanted for p in f.parameters if p.variable}
    found: dict[str, list[str]] = {}
    for saved in package.plan.saved:
        if saved.variable in needed:
            function = next(f for f in package.stages if f.name == saved.function)
            returned = next((r for r in function.returns if r.variable == saved.variable), None)
            name, annotation = (returned.name, returned.annotation) if returned else (saved.variable, "Any")
            line = f'load_artefact(config.training.output_dir, "{saved.name}")'
            found.setdefault(saved.function, []).append(f"{name} = {line}" if annotation else "")
    return found


def _track(package: PackageContext, examples: bool) -> str:
    parts = [_logged(package, saved) for saved in package.plan.saved if saved.served]
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


def _logged(package: PackageContext, saved: SavedModel) -> list[str]:
    """Return the lines that log one served model."""
    load = f'load_artefact(config.training.output_dir, "{saved.name}")'
    kind = serving_kind(package, saved)
    example = _example(package, saved)
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
    if use.framework in _SKLEARN and bare not in ("DBSCAN", "AgglomerativeClustering", "SpectralClustering", "Booster"):
        return "sklearn"
    if use.framework == "torch" or (value is not None and any("torch.nn" in base for base in value.bases)):
        return "torch"
    if use.framework == "own" and _own_class_predicts(package, bare):
        return "predict"
    return "file"


def _value_facts(package: PackageContext, saved: SavedModel):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from tools.plan.values import Values

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
