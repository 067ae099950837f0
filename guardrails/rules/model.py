"""What a convention rule is given and what it says."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from guardrails.conventions import Compiler, ConventionLine
from tools.plan.model import ExtractionPlan


@dataclass(frozen=True)
class Subject:
    """A generated repository as the rules see it.

    Attributes:
        files: Text files by path.
        plan: The plan it was made from, where it is known.
        conventions: Lines of the team's conventions.
    """

    files: Mapping[str, str]
    plan: ExtractionPlan | None = None
    conventions: tuple[ConventionLine, ...] = ()

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
    """One place that breaks a rule.

    Attributes:
        file: Path in the repository.
        line: From 1; 0 for the file as a whole.
        message: What is wrong, and what to do.
        severity: Where it is another one than the rule's.
    """

    file: str
    line: int
    message: str
    severity: Literal["error", "warning"] | None = None


@dataclass(frozen=True)
class Example:
    """A file before and after a rule was followed; the documentation shows it, a test tries it.

    Attributes:
        path: Of the file.
        before: A text that breaks the rule.
        after: One that does not.
        conventions: What the team's file must say for it, where the rule stems from there.
    """

    path: str
    before: str
    after: str
    conventions: str = ""


@dataclass(frozen=True)
class Rule:
    """A convention.

    Attributes:
        code: Stable: `G003`.
        name: In words: `no-wildcard-import`.
        find: Finds the places that break it.
        severity: `error` sends the step back, `warning` reaches the report.
        example: Before and after.
        words: Regular expressions, one of which a line of the conventions has that this rule checks.
        checks: Tells whether the rule checks a line, where words do not.
    """

    code: str
    name: str
    find: Callable[[Subject], list[Finding]]
    severity: Literal["error", "warning"] = "error"
    example: Example = Example("", "", "")
    words: tuple[str, ...] = ()
    checks: Compiler | None = None

    def compiles(self, line: ConventionLine) -> bool:
        """Tell whether this rule checks a line of the team's conventions."""
        if self.checks is not None:
            return self.checks(line)
        wanted = line.section in ("required", "prohibited", "other")
        return wanted and any(re.search(word, line.text, re.IGNORECASE) for word in self.words)


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
