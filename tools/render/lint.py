"""The lint and type settings of a generated repository: strict, and tuned where the author's code is right."""

import ast
import re
import sys
from collections.abc import Mapping

from tools.frozen import Frozen
from tools.plan.model import Constraint
from tools.render.sources import parsed, read_sources

TYPED = frozenset({"numpy", "omegaconf", "pandas", "pytest", "structlog", "torch", "yaml", "matplotlib"})
"""Modules with types of their own, or with stubs in requirements-dev.txt."""
LINE = 120


class LintSettings(Frozen):
    """What pyproject.toml says beyond the fixed part.

    Attributes:
        names: Names that differ from PEP 8 and stay: the author's, or the field's (`X_train`).
        ignored: (ruff code, reason), for the whole repository.
        files: (path, codes, reason), for one file.
        options: (mypy option switched off, reason).
        untyped: Module patterns without types.
        pipelines: There is a `pipelines` package.
    """

    names: tuple[str, ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    untyped: tuple[str, ...] = ()
    pipelines: bool = False


def lint_settings(
    tree: Mapping[str, str],
    constraints: tuple[Constraint, ...] = (),
    traced: bool = True,
    style: Mapping[str, tuple[str, ...]] | None = None,
) -> LintSettings:
    """Derive the settings from the sources of a repository.

    Args:
        tree: All text files by path.
        style: Codes of style in the author's own lines, by file.
        traced: The notebook was run, so that the types of its values are known.
        constraints: Those of kind `suppress` with the tool `ruff` add codes for their file.
    """
    sources = read_sources(tree)
    modules = {name for names in sources.imports.values() for name in names} - sys.stdlib_module_names - TYPED
    names: set[str] = set()
    subclasses: set[str] = set()
    nonascii = False
    codes = {path: set(found) for path, found in (style or {}).items()}
    for path, module in parsed(tree):
        names |= _odd_names(module)
        subclasses |= _untyped_bases(module, sources.bound[path], modules)
        nonascii = nonascii or (path.startswith("src/") and not tree[path].isascii())
        if any(len(line) > LINE for line in tree[path].splitlines()):
            codes.setdefault(path, set()).add("E501")
        if path.startswith("src/") and _takes_anything(module):
            codes.setdefault(path, set()).add("ANN401")
    for constraint in constraints:
        parts = constraint.target.split(":")
        outside = not parts[0].startswith("src/")  # there, the line itself is marked
        if constraint.kind == "suppress" and len(parts) == 4 and parts[2] == "ruff" and outside:
            codes.setdefault(parts[0], set()).add(parts[3])
    options = [("disallow_subclassing_any", f"the author's classes extend {', '.join(sorted(subclasses))}")]
    ignored = [("ANN401", "the notebook was not run: not all of its types are known")] * (not traced)
    if nonascii:
        ignored += [(code, "characters of the notebook's language") for code in ("RUF001", "RUF002", "RUF003")]
    return LintSettings(
        names=tuple(sorted(names)),
        ignored=tuple(ignored),
        files=tuple((path, tuple(sorted(found)), _reason(found)) for path, found in sorted(codes.items())),
        options=tuple(options) if subclasses else (),
        untyped=tuple(f"{name}.*" for name in sorted(modules)),
        pipelines=any(path.startswith("pipelines/") for path in tree),
    )


_REASONS = {
    "ANN401": "values of any type",
    "E501": "text that cannot be broken",
}


def _reason(codes: set[str]) -> str:
    known = [_REASONS[code] for code in sorted(codes) if code in _REASONS]
    return "; ".join(known if len(known) == len(codes) else [*known, "the author's own lines"])


def _takes_anything(module: ast.Module) -> bool:
    """Say whether a file is about values of any type: the store of artefacts, or a wrapper that MLflow serves."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    serves = any("mlflow.pyfunc" in ast.unparse(base) for node in classes for base in node.bases)
    functions = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    return serves or bool(functions & {"load_artefact", "log_network"})


def _odd_names(module: ast.Module) -> set[str]:
    """Names that pep8-naming would object to."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.arg):
            found |= _unless_lower(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= _unless_lower(node.name)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                    found |= _unless_lower(inner.id)
        elif isinstance(node, ast.ClassDef):
            found |= set() if re.fullmatch(r"_?[A-Z][A-Za-z0-9]*", node.name) else {node.name}
            found |= {
                inner.target.id
                for inner in node.body
                if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)
                if re.fullmatch(r"_?[a-z]+[A-Za-z0-9]*", inner.target.id) and not inner.target.id.islower()
            }
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname for alias in node.names if alias.asname and _case_differs(alias)}
    return found


def _unless_lower(name: str) -> set[str]:
    return set() if name == name.lower() else {name}


def _case_differs(alias: ast.alias) -> bool:
    """Say whether an alias changes the case of what it renames (`KNeighborsClassifier as knn`)."""
    name, other = alias.name.rsplit(".", 1)[-1], alias.asname or ""
    return (name.islower(), name.isupper()) != (other.islower(), other.isupper())


def _untyped_bases(module: ast.Module, bound: Mapping[str, str], untyped: set[str]) -> set[str]:
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                source = ast.unparse(base)
                words = bound.get(source.split(".")[0], "").split()
                if len(words) > 1 and words[1].split(".")[0] in untyped:
                    found.add(source)
    return found
