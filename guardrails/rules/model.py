"""What a convention rule is given and what it says."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tools.plan.model import ExtractionPlan


@dataclass(frozen=True)
class Subject:
    """A generated repository as the rules see it.

    Attributes:
        files: Text files by path.
        plan: The plan it was made from, where it is known.
    """

    files: Mapping[str, str]
    plan: ExtractionPlan | None = None

    @cached_property
    def sources(self) -> dict[str, ast.Module]:
        """Syntax trees of the modules below src/ that parse, by path."""
        found = {}
        for path in sorted(self.files):
            if path.startswith("src/") and path.endswith(".py"):
                try:
                    found[path] = ast.parse(self.files[path])
                except SyntaxError:
                    continue
        return found

    def nodes(self) -> Iterator[tuple[str, ast.AST]]:
        """Yield path and node of every syntax tree, in order."""
        for path, module in self.sources.items():
            for node in ast.walk(module):
                yield path, node


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule."""

    file: str
    line: int
    message: str


@dataclass(frozen=True)
class Rule:
    """A convention.

    Attributes:
        code: Stable: `G003`.
        name: In words: `no-wildcard-import`.
        find: Finds the places that break it.
        severity: `error` sends the step back, `warning` reaches the report.
    """

    code: str
    name: str
    find: Callable[[Subject], list[Finding]]
    severity: Literal["error", "warning"] = "error"


def public_functions(subject: Subject) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield path and definition of each public function and method of a public class."""
    for path, module in subject.sources.items():
        for node in module.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("_"):
                        yield path, inner
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield path, node
