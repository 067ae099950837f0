"""Which module of the package a function stands in."""

from collections.abc import Mapping

from tools.analysis.model import NotebookFacts, Stage, StatementFacts

MODULES: dict[Stage, str] = {
    "data": "src/data/loader.py",
    "model": "src/models/model.py",
    "training": "src/training/train.py",
    "evaluation": "src/evaluation/evaluate.py",
}


_LEVELS: tuple[Stage, ...] = ("data", "model", "evaluation", "training")
"""Each stage's module may import those of the stages before it."""


def author_modules(facts: NotebookFacts, hoisted: Mapping[str, str], stages: Mapping[str, Stage]) -> dict[str, str]:
    """Return the module of each of the author's own functions and classes.

    Each stands in the module of its own stage, or in that of an earlier stage where a definition or statement of that
    stage uses it, so that imports never go round in a circle.

    Args:
        facts: Of the notebook.
        hoisted: Id of the definition by name.
        stages: Stage of the function that each kept statement stands in.
    """
    level = {name: _own_level(facts.statements[i]) for name, i in hoisted.items()}
    changed = True
    while changed:
        changed = False
        for identifier, found in facts.statements.items():
            definition = next((n for n, i in hoisted.items() if i == identifier), "")
            if not definition and identifier not in stages:
                continue
            user = level[definition] if definition else _LEVELS.index(stages[identifier])
            for name in {*found.own_reads, *found.reads, *found.body_reads} & set(level):
                if user < level[name]:
                    level[name], changed = user, True
    return {name: MODULES[_LEVELS[number]] for name, number in level.items()}


def _own_level(found: StatementFacts) -> int:
    if found.kind == "class":
        return _LEVELS.index("data" if found.stage == "data" else "model")
    return _LEVELS.index(found.stage)
