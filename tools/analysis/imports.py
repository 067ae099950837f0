"""The names that the notebook's import statements bind, with module, attribute and distribution."""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from tools.analysis.model import Import
from tools.analysis.names import statement_names
from tools.analysis.stars import star_modules, star_names
from tools.notebook.model import Notebook
from tools.trace.model import Trace

DISTRIBUTIONS = {
    "Bio": "biopython",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "category_encoders": "category-encoders",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "git": "gitpython",
    "google.cloud": "google-cloud",
    "imblearn": "imbalanced-learn",
    "kneed": "kneed",
    "mpl_toolkits": "matplotlib",
    "pandas_profiling": "pandas-profiling",
    "pylab": "matplotlib",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "umap": "umap-learn",
    "yaml": "pyyaml",
    "yfinance": "yfinance",
}


def collect_imports(notebook: Notebook, trace: Trace, order: Sequence[str]) -> tuple[Import, ...]:
    """List every name that an import of the notebook binds, in run order, each once.

    Imports nested in `try`, `if`, `with` and loops count, imports inside functions do not. A star import gives the
    names that the notebook uses afterwards.

    Args:
        notebook: As read.
        trace: Of its run; may be `not run`.
        order: Ids of all statements in run order.

    Returns:
        The imports, first statement first.
    """
    by_id = {statement.id: statement for statement in notebook.statements()}
    used: set[str] | None = None
    found: dict[tuple[str, str, str], Import] = {}
    for identifier in order:
        code = by_id[identifier].code
        if "import" not in code:
            continue
        for module, attribute, name in import_parts(code):
            if name != "*":
                known = [(name, attribute, False)]
            else:
                if used is None:
                    used = used_names(notebook)
                names = trace.star_names.get(identifier) or star_names(module) or ()
                known = [(bound, bound, True) for bound in names if bound in used]
            whole = star_modules(module) if name == "*" else {}
            for bound, listed, star in known:
                source, part = (whole[bound], "") if bound in whole else (module, listed)
                key = (bound, source, part)
                if key not in found:
                    local = is_local(notebook, trace, source)
                    found[key] = Import(
                        name=bound,
                        module=source,
                        attribute=part,
                        statement=identifier,
                        local=local,
                        star=star,
                        distribution="" if local else distribution(trace, source),
                    )
    return tuple(found.values())


def import_parts(code: str) -> Iterator[tuple[str, str, str]]:
    """Yield (module, attribute, name bound) of each import outside functions; name `*` for a star import."""
    try:
        pending: list[ast.AST] = [ast.parse(code)]
    except (SyntaxError, ValueError, RecursionError):
        return
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.name, "", alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield (module, alias.name if alias.name != "*" else "", alias.asname or alias.name)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.expr):
            pending[:0] = list(ast.iter_child_nodes(node))


def used_names(notebook: Notebook) -> set[str]:
    """Return all names that any statement of the notebook reads, at run time or in a body."""
    used: set[str] = set()
    for statement in notebook.statements():
        names = statement_names(statement.code)
        used.update(names.reads, names.body_reads)
    return used


def is_local(notebook: Notebook, trace: Trace, module: str) -> bool:
    """Tell whether a module is a Python file of the user's own, beside the notebook or above it."""
    if module.startswith("."):
        return True
    root = module.split(".")[0]
    if root in sys.stdlib_module_names:
        return False
    for path in trace.local_modules:
        parts = Path(path).with_suffix("").parts
        if root in parts:
            return True
    if root in trace.imports:
        return False
    folder = Path(notebook.path).parent
    return (folder / f"{root}.py").is_file() or (folder / root / "__init__.py").is_file()


def distribution(trace: Trace, module: str) -> str:
    """Return the distribution that provides a module; empty for the standard library."""
    root = module.lstrip(".").split(".")[0]
    if root in trace.imports:
        return trace.imports[root]
    if root in sys.stdlib_module_names or not root:
        return ""
    return DISTRIBUTIONS.get(root) or _installed_distribution(root) or root.replace("_", "-").lower()


@lru_cache(maxsize=1024)
def _installed_distribution(root: str) -> str:
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        return str(metadata(root)["Name"]).lower().replace("_", "-")
    except (PackageNotFoundError, ValueError):
        return _packages().get(root, "")


@lru_cache(maxsize=1)
def _packages() -> dict[str, str]:
    from importlib.metadata import packages_distributions

    return {name: sorted(found)[0].lower().replace("_", "-") for name, found in packages_distributions().items()}
