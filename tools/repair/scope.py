"""What is known around each statement of a notebook, from its imports and from its run."""

import re
from collections.abc import Mapping

from tools.analysis.imports import collect_imports, used_names
from tools.analysis.names import statement_names
from tools.notebook.model import Notebook
from tools.repair.model import Failure, Scope
from tools.trace.model import Trace

_FRAME = re.compile(r'File "<(c\d+\.s\d+)>", line (\d+)')


def failure_of(trace: Trace) -> Failure | None:
    """Return the traced error and the line of the notebook's own code that raised it; None where nothing failed."""
    error = trace.error
    if error is None:
        return None
    text = f"{error.kind}: {error.message}\n{error.traceback}"
    frames = _FRAME.findall(error.traceback)
    statement, line = frames[-1] if frames else (error.statement, error.line)
    return Failure(text=text, statement=statement, line=int(line), top=error.statement)


def scopes_of(notebook: Notebook, trace: Trace, versions: Mapping[str, str]) -> dict[str, Scope]:
    """Return what is known around each statement, by id.

    Args:
        notebook: Whose statements.
        trace: Of its run as far as it came; may be `not run`.
        versions: Installed version by distribution, and of `python`.
    """
    statements = notebook.statements()
    imports: dict[str, str] = {}
    for found in collect_imports(notebook, trace, [s.id for s in statements]):
        imports.setdefault(found.name, _qualified(found.name, found.module, found.attribute))
    types: dict[str, set[str]] = {}
    for traced in trace.statements.values():
        for name, value in (*traced.bound.items(), *traced.mutated.items()):
            types.setdefault(name, set()).add(value.type.rpartition(".")[2])
    known = {name: frozenset(found) for name, found in types.items()}
    bound = (name for statement in statements for name in statement_names(statement.code).binds)
    names = frozenset((*used_names(notebook), *imports, *bound))
    failure = failure_of(trace)
    return {
        s.id: Scope(
            imports=imports,
            types=known,
            calls=_calls(trace, s.id),
            versions=versions,
            failure=failure,
            line=failure.line if failure and failure.statement == s.id else 0,
            names=names,
        )
        for s in statements
    }


def _qualified(name: str, module: str, attribute: str) -> str:
    if attribute:
        return f"{module}.{attribute}"
    return name if name == module.split(".")[0] else module


def _calls(trace: Trace, identifier: str) -> dict[str, str]:
    traced = trace.statements.get(identifier)
    return {text: name.split(".")[-2] for text, name in traced.calls if name.count(".")} if traced else {}
