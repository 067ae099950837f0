"""`train` and `evaluate`: the stage functions called in the notebook's order."""

from collections.abc import Sequence

from tools.plan.model import FunctionPlan, Returned
from tools.plan.naming import RESERVED
from tools.transform.context import PackageContext
from tools.transform.function import only_metrics
from tools.transform.metric_edits import collected_name, may_be_missing
from tools.transform.signature import arguments_of
from tools.transform.tracking import input_example, track_functions


def train_functions(package: PackageContext) -> str:
    """Return the text of `track`, `train` and `main` of src/training/train.py."""
    calls: list[str] = []
    for function in package.stages:
        calls += _call(package, function, package.stages)
        calls += _saved_after(package, function)
    body = "\n".join(f"    {line}" for line in calls)
    examples = any(input_example(package, saved) for saved in package.plan.saved)
    made = "    examples: dict[str, Any] = {}\n" if examples else ""
    return f'''{track_functions(package, examples)}

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
    if returned.metric and returned.annotation.startswith("list["):
        return collected_name(returned.name)
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
        input_example(package, s) and s.features == returned.variable for s in saved
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
            example = input_example(package, saved)
            if example:
                lines.append(f'examples["{saved.name}"] = {example}')
    return lines


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
