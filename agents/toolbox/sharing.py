"""What of a repository and of its findings a model may read under `llm.share`."""

import ast
import re
from collections.abc import Mapping

from agents.compact_facts import Share
from agents.toolbox.model import Bench, RefusedError
from tools.checks.model import Diagnostic

_CODE = ("src/", "configs/", "pipelines/")
_CODE_FILES = frozenset(
    {"MLproject", "Makefile", "pyproject.toml", "python_env.yaml", "requirements.txt", "Dockerfile"}
)
STATIC = frozenset({"ruff", "format", "mypy", "conventions", "code_rules"})
"""Checks that run nothing: their messages hold code and no value of the data."""
_VALUE = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|(?<![\w.])[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")


def readable(path: str, share: Share) -> bool:
    """Tell whether a model may read a file: tests, reports and documents hold values of the data."""
    return share == "code+values" or path.startswith(_CODE) or path in _CODE_FILES


def readable_paths(bench: Bench) -> list[str]:
    """Return the paths of the files that may be read, sorted."""
    return sorted(path for path in bench.tree if readable(path, bench.share) or path not in bench.before)


def text_of(bench: Bench, path: str) -> str:
    """Return the text of a file that may be read.

    Raises:
        RefusedError: If there is no such file, or it may not.
    """
    if path not in bench.tree:
        near = [known for known in readable_paths(bench) if known.endswith(path.rsplit("/", 1)[-1])]
        raise RefusedError(f"there is no file {path[:120]!r}" + (f": there is {near[0]}" if near else ""))
    if path in bench.before and not readable(path, bench.share):
        raise RefusedError(f"{path} is not shown: it may hold values of the data (llm.share is {bench.share})")
    return bench.tree[path]


def lines_of(bench: Bench, path: str) -> list[str]:
    """Return the lines of a file that may be read; where only code may be shared, those of docstrings are left out.

    Raises:
        RefusedError: If there is no such file, or it may not.
    """
    lines = text_of(bench, path).splitlines()
    if bench.share != "code" or not path.endswith(".py") or path not in bench.before:
        return lines
    hidden = {number for first, last in _docstrings(bench.tree[path]) for number in range(first, last + 1)}
    return ["…" if number in hidden else line for number, line in enumerate(lines, start=1)]


def _docstrings(source: str) -> list[tuple[int, int]]:
    """Return first and last line of each docstring: the hardener's tell types and shapes that the run showed."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno)
        for node in ast.walk(module)
        if isinstance(node, holders) and ast.get_docstring(node, clean=False) is not None
    ]


def shown(found: Diagnostic, tree: Mapping[str, str], share: Share) -> str:
    """Return a finding in one line; values that do not stand in the code are left out where they may not be shared."""
    message = " ".join(found.message.split())
    if share != "code+values" and found.check not in STATIC:
        code = "\n".join(text for path, text in sorted(tree.items()) if readable(path, share))
        message = _VALUE.sub(lambda match: match[0] if match[0].strip("'\"") in code else "…", message)
    place = f"{found.file}:{found.line} " if found.line else f"{found.file} " if found.file else ""
    source = f" (from {found.statement})" if found.statement else ""
    return f"{found.severity} {found.check}: {place}{found.code}: {message[:400]}{source}"
