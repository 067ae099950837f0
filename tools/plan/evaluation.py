"""What evaluation runs again, and what training must save for it."""

from collections.abc import Sequence

from tools.analysis.model import ModelUse
from tools.frozen import Frozen
from tools.numbering import numbered
from tools.plan.model import Constraint, FunctionPlan, SavedModel

WITHOUT_PREDICT = frozenset(
    {
        "DBSCAN",
        "HDBSCAN",
        "OPTICS",
        "AgglomerativeClustering",
        "FeatureAgglomeration",
        "SpectralClustering",
        "TSNE",
        "MDS",
    }
)
"""Classes that are fitted and predict nothing for further rows: they are saved, and no model that can be served."""


class EvaluationPlan(Frozen):
    """Evaluation in terms of training's functions.

    Attributes:
        functions: Names in order.
        saved: What training saves.
    """

    functions: tuple[str, ...]
    saved: tuple[SavedModel, ...]


def plan_evaluation(
    functions: Sequence[FunctionPlan],
    models: Sequence[ModelUse],
    constraints: Sequence[Constraint],
    drawing: frozenset[str] = frozenset(),
) -> EvaluationPlan:
    """Choose the functions that compute the metrics from saved models, and what has to be saved.

    A value that a training or model function made is loaded; one that a data function made is computed again, unless
    a constraint says that inputs are saved. What a model function makes of settings alone, and no training changes, is
    made again too: a device, a loss function.

    Args:
        functions: Stage functions in call order.
        models: Products.
        constraints: `save-inputs` saves everything that evaluation takes.
        drawing: Ids of the statements that draw from a random generator, or may.
    """
    save_inputs = any(c.kind == "save-inputs" for c in constraints)
    stages = [f for f in functions if f.kind == "stage"]
    judging = [n for n, f in enumerate(stages) if f.stage == "evaluation" and any(r.metric for r in f.returns)]
    wanted = set(judging)
    saved: dict[tuple[str, str], None] = {}
    todo = list(judging)
    while todo:
        number = todo.pop()
        for parameter in stages[number].parameters:
            if not parameter.variable:
                continue
            maker = _maker(stages, number, parameter.variable)
            if maker is None:
                continue
            made_again = stages[maker].stage == "model" and _of_settings_alone(stages[maker], stages, drawing)
            if (stages[maker].stage in ("model", "training") and not made_again) or (
                save_inputs and maker not in judging
            ):
                saved.setdefault((parameter.variable, stages[maker].name))
            elif maker not in wanted:
                wanted.add(maker)
                todo.append(maker)
    for model in models:
        key = _final_maker(stages, model)
        if key:
            saved.setdefault(key)
    names = _names(saved, stages, models)
    return EvaluationPlan(functions=tuple(stages[n].name for n in sorted(wanted)), saved=names)


def _of_settings_alone(function: FunctionPlan, stages: Sequence[FunctionPlan], drawing: frozenset[str]) -> bool:
    """Tell whether a function takes settings alone, draws nothing, and gives what no other function changes."""
    if any(p.variable for p in function.parameters) or drawing & set(function.statements):
        return False
    made = {r.variable for r in function.returns}
    return not any(r.variable in made for other in stages if other is not function for r in other.returns)


def _maker(stages: Sequence[FunctionPlan], before: int, variable: str) -> int | None:
    """Return the number of the last function before another that returns a variable."""
    for number in range(before - 1, -1, -1):
        if any(r.variable == variable for r in stages[number].returns):
            return number
    return None


def _final_maker(stages: Sequence[FunctionPlan], model: ModelUse) -> tuple[str, str] | None:
    for function in reversed(stages):
        if set(function.statements) & set(model.trained) and any(
            r.variable == model.variable for r in function.returns
        ):
            return model.variable, function.name
    return None


def _batches(function: FunctionPlan) -> str:
    """Return the variable from which a training function takes its batches: a loader, else a tensor or an array."""
    for wanted in ("DataLoader", "TensorDataset", "torch.Tensor", "npt.NDArray"):
        for parameter in function.parameters:
            if parameter.variable and parameter.annotation.startswith(wanted):
                return parameter.variable
    return ""


def _names(
    saved: dict[tuple[str, str], None], stages: Sequence[FunctionPlan], models: Sequence[ModelUse]
) -> tuple[SavedModel, ...]:
    order = {function.name: number for number, function in enumerate(stages)}
    statements = {function.name: set(function.statements) for function in stages}
    taken: set[str] = set()
    made: list[SavedModel] = []
    for variable, function in sorted(saved, key=lambda key: (order[key[1]], key[0])):
        use = next((m for m in models if m.variable == variable and set(m.trained) & statements[function]), None)
        name = numbered(use.name if use else variable, taken.__contains__)
        taken.add(name)
        features = use.features[0] if use and use.features and use.features[0].isidentifier() else ""
        if use and not features and use.iterative:
            features = _batches(next(f for f in stages if f.name == function))
        made.append(
            SavedModel(
                name=name,
                variable=variable,
                function=function,
                model=use.name if use else "",
                served=use is not None and use.type.rpartition(".")[2] not in WITHOUT_PREDICT,
                features=features,
            )
        )
    return tuple(made)
