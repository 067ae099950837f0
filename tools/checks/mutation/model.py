"""A mutant: a copy of the package with one change that a test ought to notice."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One changed file.

    Attributes:
        kind: What was changed: `dropped column`, `comparison flipped`, …
        file: Path in the repository.
        line: Where.
        text: The whole file with the change.
        before: The line as it was.
        after: The line as it is in the mutant.
        rank: Smaller is tried first.
    """

    kind: str
    file: str
    line: int
    text: str
    before: str
    after: str
    rank: int


@dataclass(frozen=True)
class Place:
    """A node that an operator may change.

    Attributes:
        node: The node.
        function: Innermost function that it stands in; empty at module level.
        parents: Its ancestors, nearest first.
    """

    node: ast.AST
    function: str
    parents: tuple[ast.AST, ...]


Change = tuple[ast.AST, str]
"""(node replaced, source that replaces it)."""


@dataclass(frozen=True)
class Operator:
    """A kind of change.

    Attributes:
        kind: Name for people.
        rank: Smaller ones are tried first: what is typical for machine learning comes before arithmetic.
        changes: Yields the changes that it makes at a place.
    """

    kind: str
    rank: int
    changes: Callable[[Place], Iterator[Change]]
