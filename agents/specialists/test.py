"""The tester's question: tests that notice what no test notices yet."""

import ast
from collections.abc import Mapping

from pydantic import Field

from agents.proposals.further_test import FILE, FurtherTest
from agents.proposals.model import Material, Proposal
from agents.specialists.model import Specialist
from agents.specialists.shown_code import within_room, without_docstrings
from tools.frozen import Frozen

MOST = 25
"""Faults that are shown."""


class ProposedTest(Frozen):
    """One test."""

    imports: tuple[str, ...] = Field(default=(), description="Import statements that it needs.")
    source: str = Field(description="The function, decorators included.")


class Tests(Frozen):
    """Further tests."""

    tests: tuple[ProposedTest, ...] = ()


def _values(material: Material, most: int) -> dict[str, object]:
    faults = material.survivors[:MOST]
    if not faults:
        return {}
    places: dict[tuple[str, str], str] = {}
    for fault in faults:
        name, text = _around(material.tree.get(fault.file, ""), fault.line)
        if name:
            places.setdefault((fault.file, name), text)
    codes = within_room([without_docstrings(text) for text in places.values()], most)
    modules = sorted(p.removesuffix(".py").replace("/", ".") for p in material.tree if _is_module(p))
    return {
        "faults": [f"{f.file}:{f.line}: {f.message.removeprefix('no test notices: ')}" for f in faults],
        "functions": [
            {"target": f"{path}:{name}", "code": code} for (path, name), code in zip(places, codes, strict=True)
        ],
        "fixtures": ", ".join(_fixtures(material.tree)),
        "modules": ", ".join(modules),
        "tests": ", ".join(_tests(material.tree)) or "none",
    }


def _is_module(path: str) -> bool:
    return path.startswith("src/") and path.endswith(".py") and not path.endswith("__init__.py")


def _around(text: str, line: int) -> tuple[str, str]:
    """Return name and text of the top-level function that a line stands in."""
    try:
        module = ast.parse(text)
    except SyntaxError:
        return "", ""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0):
            return node.name, "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    return "", ""


def _fixtures(tree: Mapping[str, str]) -> list[str]:
    """Return the fixtures of the tests with their types."""
    nodes = [n for n in ast.parse(tree.get("tests/conftest.py", "")).body if isinstance(n, ast.FunctionDef)]
    found = [f"`{n.name}: {ast.unparse(n.returns) if n.returns else 'Any'}`" for n in nodes if n.decorator_list]
    return [*found, "`tmp_path: Path`"]


def _tests(tree: Mapping[str, str]) -> list[str]:
    return [
        node.name
        for path, text in sorted(tree.items())
        if path.startswith("tests/test_") and path.endswith(".py")
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def _proposals(answer: Tests) -> tuple[Proposal, ...]:
    found = []
    for test in answer.tests:
        value = FurtherTest(imports=test.imports, source=test.source).model_dump_json()
        found.append(Proposal(kind="further-test", target=f"{FILE}:{_name(test.source)}", value=value))
    return tuple(found)


def _name(source: str) -> str:
    try:
        nodes = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    except (SyntaxError, ValueError):
        return "?"
    return nodes[0].name if nodes else "?"


TEST = Specialist(step="test", prompt="tester", answer=Tests, values=_values, proposals=_proposals)
