"""Which module of the package a function stands in."""

from tools.analysis.model import NotebookFacts, Stage, StatementFacts

MODULES: dict[Stage, str] = {
    "data": "src/data/loader.py",
    "model": "src/models/model.py",
    "training": "src/training/train.py",
    "evaluation": "src/evaluation/evaluate.py",
}


def author_module(found: StatementFacts, facts: NotebookFacts) -> str:
    """Return the module of a function or class of the author's own.

    A class or function that others of another stage use stands where all can import it: models before data, since the
    training module imports every other one.
    """
    if found.kind == "class":
        return MODULES["data"] if found.stage == "data" else MODULES["model"]
    return MODULES[found.stage] if found.stage != "training" else MODULES["training"]
