"""Code for prompts: each function within its share of the room there is."""

import ast
from collections.abc import Mapping, Sequence

from agents.compact_facts import shortened
from tools.plan.model import ExtractionPlan, FunctionPlan

LEAST = 160


def within_room(texts: Sequence[str], most: int) -> list[str]:
    """Return texts, the longest ones cut until all of them together have at most so many characters.

    Args:
        texts: In the order in which they are shown.
        most: Characters of all together; each text keeps its first lines in any case.
    """
    limit = max((len(text) for text in texts), default=0)
    while limit > LEAST and sum(min(len(text), limit) for text in texts) > most:
        limit = int(limit * 0.9)
    return [shortened(text, limit) for text in texts]


def without_docstrings(text: str) -> str:
    """Return Python code without its docstrings, else as it is; so is text that does not parse."""
    try:
        module = ast.parse(text)
    except SyntaxError:
        return text
    lines = text.split("\n")
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [n for n in ast.walk(module) if isinstance(n, kinds) and ast.get_docstring(n) is not None]
    for node in sorted(nodes, key=lambda n: -n.lineno):
        first = node.body[0]
        alone = ["    ..."] if len(node.body) == 1 else []
        lines[first.lineno - 1 : first.end_lineno] = alone
    return "\n".join(lines)


def generated_functions(plan: ExtractionPlan, tree: Mapping[str, str]) -> list[tuple[FunctionPlan, str]]:
    """Return each function of the plan that stands in the generated modules, with its text."""
    found = []
    for function in plan.functions:
        text = definition_text(tree.get(function.module, ""), function.name)
        if text:
            found.append((function, text))
    return found


def definition_text(text: str, name: str) -> str:
    """Return the text of a top-level function or class, decorators included; empty where it is not there."""
    try:
        module = ast.parse(text)
    except SyntaxError:
        return ""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    return ""
