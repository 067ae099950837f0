"""What is known not to work with the libraries of today, but was not repaired: said, and left to a person."""

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
    found = _silent(notebook, scopes, versions)
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
