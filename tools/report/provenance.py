"""Where each statement of the notebook went: matched by its words to the statements of the generated functions."""

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tools.analysis.model import NotebookFacts
from tools.plan.model import ExtractionPlan, FunctionPlan
from tools.report.model import Place

_LEAST = 0.3
_SETTINGS = "configs/default.yaml"


def places_of(facts: NotebookFacts, plan: ExtractionPlan, tree: Mapping[str, str]) -> dict[str, tuple[Place, ...]]:
    """Return the places of each kept statement; a statement that nothing matches has none.

    Args:
        facts: Of the notebook.
        plan: Which function holds which statements.
        tree: Text of the generated files by path.
    """
    code = {s.id: s.code for s in facts.notebook.statements()}
    found: dict[str, list[Place]] = {}
    planned = frozenset(f.name for f in plan.functions)
    for function in plan.functions:
        for identifier, place in _in_function(function, code, tree, planned):
            found.setdefault(identifier, []).append(place)
    for setting in plan.settings:
        line = setting_line(tree.get(_SETTINGS, ""), setting.key)
        if line:
            for identifier in dict.fromkeys(i for i, _ in setting.places):
                if setting.variable or identifier not in found:
                    found.setdefault(identifier, []).append(Place(file=_SETTINGS, line=line, end_line=line))
    for identifier in plan.order:
        if identifier not in found and facts.statements[identifier].kind == "import":
            found[identifier] = _imports(facts.statements[identifier].defines, tree)
    return {i: tuple(dict.fromkeys(places)) for i, places in sorted(found.items()) if places}


def setting_line(text: str, key: str) -> int:
    """Return the line of a dotted key in a YAML file of nested mappings, 0 where it is not found.

    Args:
        text: Of the file.
        key: Such as `data.test_size`.
    """
    path: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = re.match(r"( *)([\w-]+):", line)
        if not match:
            continue
        while path and path[-1][0] >= len(match[1]):
            path.pop()
        path.append((len(match[1]), match[2]))
        if ".".join(name for _, name in path) == key:
            return number
    return 0


def function_lines(tree: Mapping[str, str], module: str, name: str) -> tuple[int, int]:
    """Return first and last line of a function or class, (0, 0) where it is not found."""
    node = _definition(tree.get(module, ""), name)
    return (node.lineno, node.end_lineno or node.lineno) if node else (0, 0)


def _in_function(
    function: FunctionPlan, code: Mapping[str, str], tree: Mapping[str, str], planned: frozenset[str]
) -> list[tuple[str, Place]]:
    node = _definition(tree.get(function.module, ""), function.name)
    if node is None:
        return []
    if function.kind == "author":
        place = Place(file=function.module, line=node.lineno, end_line=node.end_lineno or node.lineno)
        return [(identifier, place) for identifier in function.statements]
    generated = [s for s in _with_parts(_flattened(node.body), tree[function.module], planned) if not _is_docstring(s)]
    statements = [i for i in function.statements if i in code]
    pairs = _aligned([_words(code[i]) for i in statements], [_words(ast.unparse(s)) for s in generated])
    return [
        (
            statements[a],
            Place(
                file=function.module, line=generated[b].lineno, end_line=generated[b].end_lineno or generated[b].lineno
            ),
        )
        for a, b in pairs
    ]


def _definition(text: str, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
    try:
        module = ast.parse(text)
    except SyntaxError:
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return next((n for n in ast.walk(module) if isinstance(n, kinds) and n.name == name), None)


def _flattened(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return statements in order; what stands in `with` and `try` (guards, tracking) is laid out flat."""
    found: list[ast.stmt] = []
    for statement in body:
        if isinstance(statement, ast.With | ast.Try):
            found += _flattened(statement.body)
        else:
            found.append(statement)
    return found


def _with_parts(body: Sequence[ast.stmt], text: str, planned: frozenset[str]) -> list[ast.stmt]:
    """Return statements with those of the functions that were split off in place of the calls of them.

    Args:
        body: Of a function of the plan.
        text: Of its module.
        planned: Names of the functions of the plan; any other function of the module that is called was split off.
    """
    parts = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name not in planned}
    found: list[ast.stmt] = []
    for statement in body:
        value = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
        called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        found += _flattened(parts[called].body) if called in parts else [statement]
    return found


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _words(code: str) -> Counter[str]:
    return Counter(re.findall(r"[A-Za-z_]\w*|\d+(?:\.\d+)?", code))


def _similar(first: Counter[str], second: Counter[str]) -> float:
    union = sum((first | second).values())
    return sum((first & second).values()) / union if union else 0.0


def _aligned(first: Sequence[Counter[str]], second: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """Return the pairs of an alignment that keeps both orders and has the greatest similarity."""
    rows, columns = len(first), len(second)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    similar = [[_similar(a, b) for b in second] for a in first]
    for a in range(rows - 1, -1, -1):
        for b in range(columns - 1, -1, -1):
            both = best[a + 1][b + 1] + similar[a][b] if similar[a][b] >= _LEAST else -1.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], both)
    pairs, a, b = [], 0, 0
    while a < rows and b < columns:
        if similar[a][b] >= _LEAST and best[a][b] == best[a + 1][b + 1] + similar[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _imports(names: Sequence[str], tree: Mapping[str, str]) -> list[Place]:
    for path in sorted(tree):
        if path.startswith("src/") and path.endswith(".py"):
            try:
                module = ast.parse(tree[path])
            except SyntaxError:
                continue
            for node in module.body:
                if isinstance(node, ast.Import | ast.ImportFrom) and any(
                    (a.asname or a.name.split(".")[0]) in names for a in node.names
                ):
                    return [Place(file=path, line=node.lineno, end_line=node.end_lineno or node.lineno)]
    return []
