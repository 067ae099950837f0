"""Types of the author's own functions: as the run saw them called, else as the calls in the notebook pass them."""

import ast
import builtins
import re
from collections.abc import Mapping

from tools.plan.model import FunctionPlan
from tools.plan.values import Values, parametrised
from tools.transform.context import PackageContext

_MAX_UNION = 3
_WIDER = (("int", "float"), ("np.float64", "float"), ("np.int64", "int"))
"""Types that a type checker takes for another: left out of a union that holds the wider one."""


def argument_types(package: PackageContext, function: FunctionPlan) -> dict[str, dict[str, str]]:
    """Return the types of the arguments, and of the result under `return`, of each function of a definition.

    Args:
        package: Facts and plan.
        function: The author's function or class.

    Returns:
        Types by argument, by name of the function or method; only those that are known.
    """
    definition = ast.parse(package.statements[function.statements[0]].code).body[0]
    name = function.variable or function.name
    types = _observed(package, name)
    if isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef)):
        own = _passed(package, function, definition) | types.get(name, {})
        own |= {p.name: p.annotation for p in function.parameters}
        if not any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(definition)):
            yields = any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(definition))
            own["return"] = "Iterator[Any]" if yields else "None"
        types = {function.name: own}
    return types


def observed_imports(package: PackageContext) -> list[str]:
    """Return the import statements that observed types need."""
    signatures = package.facts.trace.signatures.values()
    return sorted({i for parts in signatures for kinds in parts.values() for lines in kinds.values() for i in lines})


def _observed(package: PackageContext, name: str) -> dict[str, dict[str, str]]:
    """Return the observed types of a function, or of each method of a class under its bare name."""
    known = {f.variable or f.name: f.name for f in package.authors.values()}
    found: dict[str, dict[str, str]] = {}
    for qualified, parts in package.facts.trace.signatures.items():
        owner, _, method = qualified.partition(".")
        if owner == name:
            types = {part: _union(kinds, known) for part, kinds in parts.items()}
            found[method or owner] = {part: kind for part, kind in types.items() if kind}
    return found


def _union(kinds: Mapping[str, tuple[str, ...]], known: Mapping[str, str]) -> str:
    """Return one type for several observed ones; empty where it would say nothing."""
    names = {parametrised(kind) for kind in kinds}
    for narrow, wide in _WIDER:
        if wide in names:
            names.discard(narrow)
    if not names or len(names) > _MAX_UNION or "Any" in names:
        return ""
    imported = " ".join(line for lines in kinds.values() for line in lines)
    for word in re.findall(r"(?<![\w.])[A-Za-z_]\w*", " ".join(names)):
        if not hasattr(builtins, word) and not re.search(rf"\b{word}\b", imported) and word not in known:
            return ""
    text = " | ".join(sorted(names, key=lambda n: (n == "None", n)))
    for old, new in known.items():
        text = re.sub(rf"(?<![\w.]){re.escape(old)}\b", new, text)
    return text


def _passed(
    package: PackageContext, function: FunctionPlan, definition: ast.FunctionDef | ast.AsyncFunctionDef
) -> dict[str, str]:
    """Return the types of what the notebook's own calls pass."""
    names = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    values = Values(package.facts)
    found: dict[str, set[str]] = {}
    for identifier in package.plan.order:
        tree = ast.parse(package.statements[identifier].code)
        for call in ast.walk(tree):
            if not (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in (function.name, function.variable)
            ):
                continue
            pairs = [*zip(names, call.args, strict=False), *((k.arg or "", k.value) for k in call.keywords)]
            for name, argument in pairs:
                found.setdefault(name, set()).add(_type_of(argument, identifier, values))
        target = _result_of(tree.body[0], function.variable or function.name)
        if target:
            value = values.at(target, identifier)
            found.setdefault("return", set()).add(value.annotation if value else "Any")
    hidden = _own_classes(package) - set(package.authors)
    return {
        name: kind
        for name, kinds in found.items()
        for kind in kinds
        if len(kinds) == 1 and not hidden & set(re.findall(r"\w+", kind))
    }


def _own_classes(package: PackageContext) -> set[str]:
    """Return the names of the classes that the notebook defines."""
    statements = package.facts.statements.values()
    return {name for found in statements if found.kind == "class" for name in found.defines}


def _result_of(node: ast.stmt, name: str) -> str:
    """Return the variable that takes the result of a call of a function as it is; empty where none does."""
    if not (
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name)
    ):
        return ""
    called = node.value.func
    return node.targets[0].id if isinstance(called, ast.Name) and called.id == name else ""


def _type_of(node: ast.expr, identifier: str, values: Values) -> str:
    if isinstance(node, ast.Name):
        value = values.before(node.id, identifier) or values.at(node.id, identifier)
        return value.annotation if value else "Any"
    if isinstance(node, ast.Constant) and node.value is not None:
        return type(node.value).__name__
    return "Any"
