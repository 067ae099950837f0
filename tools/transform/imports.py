"""The imports of a generated module: those of the notebook that it uses, those of the package, those of its types."""

import ast
import builtins
import re
from collections.abc import Iterable, Mapping

from tools.transform.context import PackageContext

_STANDARD = {
    "Path": "from pathlib import Path",
    "NamedTuple": "from typing import NamedTuple",
    "Any": "from typing import Any",
    "Callable": "from collections.abc import Callable",
    "Iterator": "from collections.abc import Iterator",
    "Sequence": "from collections.abc import Sequence",
    "partial": "from functools import partial",
    "structlog": "import structlog",
    "joblib": "import joblib",
    "mlflow": "import mlflow",
    "json": "import json",
    "random": "import random",
    "asdict": "from dataclasses import asdict",
    "OmegaConf": "from omegaconf import OmegaConf",
    "cloudpickle": "import cloudpickle",
    "infer_signature": "from mlflow.models import infer_signature",
}


def with_imports(
    package: PackageContext, module: str, docstring: str, text: str, homes: Mapping[str, str], types: Iterable[str]
) -> str:
    """Return a module with its imports at the top.

    Args:
        package: Facts and plan.
        module: Path of the module.
        docstring: Of the module.
        text: Its code without imports.
        homes: Module path of each name that the package itself defines.
        types: Import statements that annotations may need.
    """
    tree = ast.parse(text)
    own = _defined(tree)
    used = sorted(_used(tree) - own)
    typed = {_bound(line): line for line in sorted(set(types))}
    lines: list[str] = []
    for name in used:
        if name in package.conditional or name == package.logger:
            continue
        if name in package.imports and name not in ("Path",):
            found = package.imports[name]
            line = found.code()
            if found.local:
                line = re.sub(r"^(from|import) ", r"\1 src.", line)
                if line.startswith("import "):
                    line = f"from src import {found.module}" + (f" as {name}" if name != found.module else "")
            lines.append(line)
        elif name in homes and homes[name] != module:
            lines.append(f"from {homes[name].removesuffix('.py').replace('/', '.')} import {name}")
        elif name in typed:
            lines.append(typed[name])
        elif name in _STANDARD:
            lines.append(_STANDARD[name])
        elif hasattr(builtins, name):
            continue
    head = f'"""{docstring}"""\n\nfrom __future__ import annotations\n\n'
    guarded = _conditional(package, used)
    name = package.logger
    log = f"\n{name} = structlog.get_logger()\n" if name in used and name not in own else ""
    if log:
        lines.append("import structlog")
    return head + "\n".join(sorted(set(lines))) + f"\n{guarded}{log}\n\n" + text


def _conditional(package: PackageContext, used: list[str]) -> str:
    """Return imports that stand in a try or an if at the top of the notebook, as they are written."""
    wanted = {package.conditional[name] for name in used if name in package.conditional}
    found = [package.statements[identifier].code for identifier in package.facts.order if identifier in wanted]
    return "\n".join(found) + "\n" if found else ""


def _used(tree: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a module binds at its top level."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def _bound(line: str) -> str:
    """Return the name that an import statement binds."""
    node = ast.parse(line).body[0]
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    alias = node.names[0]
    return alias.asname or alias.name.partition(".")[0]
