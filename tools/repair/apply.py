"""Repairs a notebook on evidence: a traced error, or a removed name and the version that is installed."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tools.notebook.edit import replace_code
from tools.notebook.model import Notebook, Repair
from tools.repair.model import Codemod, Scope
from tools.repair.registry import REPAIRS
from tools.repair.scope import failure_of, scopes_of
from tools.trace.model import Trace


@dataclass(frozen=True)
class Proposal:
    """A repaired notebook.

    Attributes:
        notebook: Repaired.
        code: Name of the repair that answers the traced error.
    """

    notebook: Notebook
    code: str


def repair_failure(
    notebook: Notebook, trace: Trace, versions: Mapping[str, str], without: Sequence[str] = ()
) -> Proposal | None:
    """Return the notebook repaired for the error that ended a run; None where no repair answers it.

    The first repair of the registry counts whose pattern is found in the error and that changes the failing statement
    (or a function or class, whose body may have raised it). It is made in all statements. With it go the repairs of
    other names that are certain not to work at the installed versions, so that one more run shows what is left.

    Args:
        notebook: As it ran.
        trace: Of the run that failed.
        versions: Installed version by distribution, and of `python`.
        without: Names of repairs that have been found to do no good.
    """
    failure = failure_of(trace)
    if failure is None:
        return None
    scopes = scopes_of(notebook, trace, versions)
    evidence = f"{failure.headline()} (at {failure.top})"
    for codemod in _of_statements():
        if codemod.code in without or not answers(codemod, failure.text):
            continue
        if codemod.library in versions and not codemod.is_due(versions):
            continue
        changed = _changed(notebook, codemod, scopes)
        if not (changed if codemod.cause else _reaches(notebook, changed, (failure.statement, failure.top))):
            continue
        repaired = _applied(notebook, codemod, changed, evidence)
        if codemod.certain:
            repaired = repair_certain(repaired, trace, versions, (*without, codemod.code))
        return Proposal(repaired, codemod.code)
    return None


def repair_certain(
    notebook: Notebook, trace: Trace, versions: Mapping[str, str], without: Sequence[str] = ()
) -> Notebook:
    """Return the notebook with all repairs that the installed versions alone make certain.

    Args:
        notebook: As read.
        trace: Of a run of it, for what is known of its names; may be `not run`.
        versions: Installed version by distribution, and of `python`.
        without: Names of repairs to leave out.
    """
    scopes = scopes_of(notebook, trace, versions)
    for codemod in _of_statements():
        if not codemod.certain or codemod.code in without or not codemod.is_due(versions):
            continue
        unfailing = {identifier: replace(scope, failure=None, line=0) for identifier, scope in scopes.items()}
        changed = _changed(notebook, codemod, unfailing)
        if changed:
            version = "Python" if codemod.library == "python" else codemod.library
            notebook = _applied(notebook, codemod, changed, f"{version} {versions[codemod.library]} is installed")
            scopes = scopes_of(notebook, trace, versions)
    return notebook


def answers(codemod: Codemod, error: str) -> bool:
    """Tell whether an error is one that a repair is made for.

    Args:
        codemod: The repair.
        error: Kind, message and traceback.
    """
    return any(re.search(pattern, error) for pattern in codemod.errors)


def changed_code(codemod: Codemod, code: str, scope: Scope) -> str:
    """Return the code of one statement after a repair; the same where there is nothing to repair.

    Args:
        codemod: The repair.
        code: Of the statement.
        scope: Around it.
    """
    from libcst import ParserSyntaxError

    if not any(word in code for word in codemod.mentions):
        return code
    try:
        changed = codemod.change(code, scope)
        ast.parse(changed)
    except (ParserSyntaxError, SyntaxError, ValueError, RecursionError):
        return code
    return changed


def _of_statements() -> list[Codemod]:
    return [codemod for codemod in REPAIRS if codemod.unit == "statement"]


def _changed(notebook: Notebook, codemod: Codemod, scopes: Mapping[str, Scope]) -> dict[str, str]:
    """Return the new code of each statement that a repair changes, by id."""
    found: dict[str, str] = {}
    for statement in notebook.statements():
        scope = scopes.get(statement.id)
        if scope is None:
            continue
        changed = changed_code(codemod, statement.code, scope)
        if changed != statement.code:
            found[statement.id] = changed
    return found


def _reaches(notebook: Notebook, changed: Mapping[str, str], failing: Sequence[str]) -> bool:
    if any(identifier in changed for identifier in failing):
        return True
    return any(
        s.id in changed and s.code.lstrip().startswith(("def ", "class ", "async def ", "@"))
        for s in notebook.statements()
    )


def _applied(notebook: Notebook, codemod: Codemod, changed: Mapping[str, str], evidence: str) -> Notebook:
    code = {statement.id: statement.code for statement in notebook.statements()}
    made = []
    for identifier, new in changed.items():
        notebook = replace_code(notebook, identifier, new)
        made.append(
            Repair(
                code=codemod.code,
                statement=identifier,
                before=code[identifier],
                after=new,
                reason=codemod.reason,
                release=codemod.release(),
                evidence=evidence,
            )
        )
    return notebook.model_copy(update={"repairs": (*notebook.repairs, *made)})
