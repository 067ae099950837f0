"""The model that the tests are about, and the parts that data is split into."""

import re

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.render.flow import Flow


class Subject(Frozen):
    """The served model of a package.

    Attributes:
        name: Under which it is saved and logged.
        path: Where the trained model is found among the results of the stage functions.
        features: Where the rows of its training are found; empty where unknown.
        target: Where the labels of these rows are found; empty where unknown.
        unfitted: Where the model is found before its training; empty where it is built and trained in one.
        task: As the facts have it.
        framework: As the facts have it.
    """

    name: str
    path: str
    features: str
    target: str = ""
    unfitted: str = ""
    task: str = "other"
    framework: str = "other"


def read_subject(plan: ExtractionPlan, facts: NotebookFacts, flow: Flow) -> Subject | None:
    """Return the served model, or None where it is not known."""
    served = [saved for saved in plan.saved if saved.served]
    preferred = {*plan.default_models, *(model.name for model in facts.models if model.final)}
    chosen = next((saved for saved in served if saved.model in preferred), served[0] if served else None)
    if chosen is None:
        return None
    use = next((model for model in facts.models if model.name == chosen.model), None)
    made = [r for call in flow.calls for r in call.results if r.variable == chosen.variable]
    trained = [r for r in made if r.path.split(".")[0].split("[")[0] == chosen.function] or made[-1:]
    features = chosen.features or (use.features[0] if use and use.features else "")
    if not trained:
        return None
    fitted_on = use.features if use and len(use.features) > 1 else ("", "")
    return Subject(
        name=chosen.name,
        path=trained[0].path,
        features=_path(features, flow),
        target=_path(fitted_on[1], flow) if features == fitted_on[0] else "",
        unfitted=made[0].path if made[0].path != trained[0].path else "",
        task=use.task if use else "other",
        framework=use.framework if use else "other",
    )


def _path(expression: str, flow: Flow) -> str:
    """Return where a variable, or a part of one such as `train["text"]`, is found among the results."""
    found = re.fullmatch(r"(\w+)((?:\[[^\[\]]+\]|\.\w+)*)", expression)
    return f"{flow.paths[found[1]]}{found[2]}" if found and found[1] in flow.paths else ""


def pairs(flow: Flow) -> list[tuple[str, str]]:
    """Return the results that are the training and another part of one whole, by their names."""
    paths = [result.path for call in flow.calls for result in call.results if call.plan.stage == "data"]
    found = []
    for path in paths:
        for part in ("test", "valid", "val"):
            other = re.sub(r"(?<![a-z])train(?![a-z])", part, path)
            if other != path and other in paths:
                found.append((path, other))
    return found
