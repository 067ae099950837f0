"""What the trace knows of a variable at a point of the run."""

from collections.abc import Mapping
from functools import cached_property

from tools.analysis.model import NotebookFacts
from tools.plan.meanings import variable_meaning
from tools.trace.model import ValueFacts


class Values:
    """Looks variables up in the trace.

    Args:
        facts: Of the notebook.
    """

    def __init__(self, facts: NotebookFacts) -> None:
        self._facts = facts

    def at(self, variable: str, statement: str) -> ValueFacts | None:
        """Return the latest facts of a variable up to and including a statement; None where none are known."""
        position = self._position.get(statement, len(self._facts.order))
        found = None
        for where, value in self._history.get(variable, ()):
            if where > position:
                break
            found = value
        return found

    def before(self, variable: str, statement: str) -> ValueFacts | None:
        """Return the latest facts of a variable before a statement."""
        position = self._position.get(statement, len(self._facts.order))
        found = None
        for where, value in self._history.get(variable, ()):
            if where >= position:
                break
            found = value
        return found

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {identifier: number for number, identifier in enumerate(self._facts.order)}

    @cached_property
    def _history(self) -> Mapping[str, list[tuple[int, ValueFacts]]]:
        found: dict[str, list[tuple[int, ValueFacts]]] = {}
        for number, identifier in enumerate(self._facts.order):
            traced = self._facts.trace.statements.get(identifier)
            if traced:
                for name, value in {**traced.bound, **traced.mutated}.items():
                    found.setdefault(name, []).append((number, value))
        return found


_GENERIC = frozenset(
    {"DataLoader", "Dataset", "Subset", "ConcatDataset", "Sampler", "DataFrameGroupBy", "SeriesGroupBy"}
)
"""Classes that type checkers want an argument for."""


def annotation_of(value: ValueFacts | None) -> str:
    """Return the type expression of a value; `Any` where nothing is known of it."""
    return "Any" if value is None else parametrised(value.annotation)


def parametrised(annotation: str) -> str:
    """Return a type expression with the argument that type checkers want for its class."""
    return f"{annotation}[Any]" if annotation in _GENERIC else annotation


def imports_of(value: ValueFacts | None) -> tuple[str, ...]:
    """Return the import statements that the type expression of a value needs."""
    anything = ("from typing import Any",)
    if value is None:
        return anything
    return (*value.imports, *anything) if value.annotation in _GENERIC else value.imports


def described(value: ValueFacts | None, variable: str) -> str:
    """Return a clause for a docstring: what a value is, and its shape with the default settings."""
    if value is None:
        return f"`{variable}` of the notebook."
    kinds = {"DataFrame": "Rows and columns", "Series": "One value a row", "ndarray": "Array", "Tensor": "Tensor"}
    bare = value.type.rsplit(".", 1)[-1]
    if value.fitted:
        return f"Fitted `{bare}`."
    if "sklearn.base.BaseEstimator" in value.bases:
        return f"Unfitted `{bare}`."
    if value.shape is not None and bare in kinds:
        shape = f"({value.shape[0]},)" if len(value.shape) == 1 else str(tuple(value.shape))
        return f"{variable_meaning(variable) or kinds[bare]}, shape {shape} with the default settings."
    if value.number is not None:
        return "A number."
    if value.length is not None and bare in ("list", "dict", "tuple", "set", "str"):
        return f"`{variable}` of the notebook, a {bare}."
    return f"`{bare}`."
