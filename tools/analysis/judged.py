"""Which model an expression judges: followed through the variables that it reads."""

import ast
from collections.abc import Mapping, Sequence

from tools.analysis.lineage import downstream
from tools.analysis.model import ModelUse, StatementFacts

_DEPTH = 5


class Judged:
    """The models of a notebook, and the definitions of its variables so far in run order."""

    def __init__(
        self,
        trees: Mapping[str, ast.Module],
        order: Sequence[str],
        facts: Mapping[str, StatementFacts],
        models: Sequence[ModelUse],
    ) -> None:
        self.trees = trees
        self.position = {identifier: number for number, identifier in enumerate(order)}
        self.models = models
        self.defined: dict[str, str] = {}
        self.names: dict[str, frozenset[str]] = {}
        self.trained = downstream(order, facts, {t for m in models for t in m.trained})
        self.first = min((self.position.get(t, 0) for m in models for t in m.trained), default=len(order))

    def bind(self, identifier: str, node: ast.stmt) -> None:
        """Take up the names that a statement binds."""
        stored = [p.id for p in ast.walk(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)]
        self.defined.update(dict.fromkeys(stored, identifier))

    def after_training(self, identifier: str) -> bool:
        """Tell whether a statement reads, directly or through others, what a training made."""
        return identifier in self.trained

    def model_of(self, identifier: str, node: ast.AST) -> str:
        """Return the name of the model that an expression judges; empty where it judges none."""
        here = self.position[identifier]
        trained_here = [m for m in self.models if identifier in m.trained]
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        seen: set[str] = set()
        for _ in range(_DEPTH):
            fitting = [
                m
                for m in self.models
                if m.variable in names and any(self.position.get(t, here + 1) <= here for t in m.trained)
            ]
            if fitting:
                return max(fitting, key=lambda m: max(p for t in m.trained if (p := self.position[t]) <= here)).name
            seen |= names
            sources = {self.defined[n] for n in names if n in self.defined}
            names = {name for source in sources for name in self.names_in(source)} - seen
        if len(trained_here) == 1:
            return trained_here[0].name
        if len(self.models) == 1 and identifier in self.trained:
            return self.models[0].name
        return ""

    def names_in(self, identifier: str) -> frozenset[str]:
        """Return all names in a statement."""
        if identifier not in self.names:
            tree = self.trees[identifier]
            self.names[identifier] = frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        return self.names[identifier]

    def score_name(self, model: str) -> str:
        """Return what `model.score` is: accuracy of a classifier, R² of a regressor."""
        tasks = {m.name: m.task for m in self.models}
        return {"classification": "accuracy", "regression": "r2"}.get(tasks.get(model, "other"), "score")
