"""Is the generated code easy to read?"""

import ast
from collections.abc import Iterator
from pathlib import Path

from evals.model import NOTHING, Judgement, RunRecord, Sample

MOST_LINES = 60
MOST_BRANCHES = 10
_BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.BoolOp, ast.match_case)


def score_readability(sample: Sample, record: RunRecord) -> Judgement:
    """Return the share of the functions that are documented, typed, short and have few branches."""
    functions = list(_functions(record.out))
    if not functions:
        return NOTHING
    flaws = {name: flaw for name, function in functions if (flaw := _flaw(function))}
    details = [f"{name} {flaw}" for name, flaw in flaws.items()]
    return Judgement(value=1 - len(flaws) / len(functions), detail=", ".join(details[:6]))


def _functions(folder: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for file in sorted(folder.glob("src/**/*.py")):
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file.stem}.{node.name}", node


def _flaw(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    branches = sum(isinstance(node, _BRANCHES) for node in ast.walk(function))
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    untyped = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
    if not function.name.startswith("_") and ast.get_docstring(function) is None:
        return "has no docstring"
    if untyped or (function.returns is None and function.name != "__init__"):
        return "is not typed"
    if lines > MOST_LINES:
        return f"has {lines} lines"
    return f"has {branches} branches" if branches > MOST_BRANCHES else ""
