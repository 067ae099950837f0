"""What is known not to work with the libraries of today, but was not repaired: said, and left to a person."""

import ast
from collections.abc import Mapping

from tools.analysis.model import NotebookWarning
from tools.notebook.model import Notebook
from tools.repair.apply import changed_code
from tools.repair.model import Scope
from tools.repair.registry import REPAIRS
from tools.repair.scope import scopes_of
from tools.trace.model import Trace


def advise(notebook: Notebook, trace: Trace, versions: Mapping[str, str]) -> tuple[NotebookWarning, ...]:
    """Return the warnings about statements that a repair is known for which was not made.

    What changes its meaning without an error is told where the library is one that does so. Where nothing was run and
    the version of a library is not known, repairs that are certain from some release on are named with that release.

    Args:
        notebook: After repairs.
        trace: Of its run.
        versions: Installed version by distribution, and of `python`.
    """
    scopes = scopes_of(notebook, trace, versions)
    found = [*_silent(notebook, scopes, versions), *_divisions(notebook)]
    if trace.status != "not run":
        return tuple(found)
    for codemod in REPAIRS:
        if not codemod.certain or codemod.unit != "statement" or versions.get(codemod.library):
            continue
        for statement in notebook.statements():
            if changed_code(codemod, statement.code, scopes[statement.id]) != statement.code:
                message = f"does not run with {codemod.release()} and later: {codemod.reason} (`{codemod.code}`)"
                found.append(NotebookWarning(code="drift", message=message, statement=statement.id))
    return tuple(found)


def _silent(notebook: Notebook, scopes: Mapping[str, Scope], versions: Mapping[str, str]) -> list[NotebookWarning]:
    found = []
    for codemod in REPAIRS:
        if not codemod.silent or not codemod.is_due(versions):
            continue
        for statement in notebook.statements():
            new = changed_code(codemod, statement.code, scopes[statement.id])
            if new != statement.code:
                short = " ".join(new.split())
                message = (
                    f"with {codemod.release()} and later {codemod.reason}; not repaired, since nothing fails: `{short}`"
                )
                found.append(NotebookWarning(code="drift", message=message, statement=statement.id))
    return found


def _divisions(notebook: Notebook) -> list[NotebookWarning]:
    """Warn of `/` in a notebook of Python 2, where it gave whole numbers for whole numbers."""
    if not (notebook.python_version.startswith("2") or any(r.code.startswith("python2") for r in notebook.repairs)):
        return []
    found = []
    for statement in notebook.statements():
        places = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(statement.code))
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_real(node)
        ]
        if places:
            message = (
                f"in Python 2 `{places[0]}` gave a whole number where both sides are whole: use `//` if that is meant"
            )
            found.append(NotebookWarning(code="drift", message=message, statement=statement.id))
    return found


def _is_real(node: ast.BinOp) -> bool:
    """Tell whether one side of a division is written as a real number."""
    return any(
        (isinstance(side, ast.Constant) and isinstance(side.value, float))
        or (isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id == "float")
        for side in (node.left, node.right)
    )
