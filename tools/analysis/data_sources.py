"""What a notebook reads: files, addresses, bundled data sets."""

import ast
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.analysis.knowledge.load import roles_of
from tools.analysis.literals import constant_text, span_of
from tools.analysis.model import DataSource, StatementFacts
from tools.analysis.qualified import Call
from tools.notebook.model import Notebook
from tools.trace.model import Trace

_BUNDLED = ("sklearn.datasets.load_", "sklearn.datasets.make_", "sklearn.datasets.fetch_", "seaborn.load_dataset")
_PATH_WORDS = ("filepath_or_buffer", "io", "path", "fname", "file", "filepath", "path_or_buf")


def find_data_sources(
    notebook: Notebook,
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    calls: Mapping[str, Sequence[Call]],
    trace: Trace,
) -> tuple[DataSource, ...]:
    """Return the sources in run order; what the trace saw being read is added where no literal names it."""
    folder = Path(notebook.path).parent
    found: list[DataSource] = []
    constants: dict[str, str] = {}
    for identifier in order:
        node = trees[identifier].body[0]
        variable = _target(node)
        named: set[str] = set()
        for call in calls[identifier]:
            source = _source(identifier, call, variable, folder, constants)
            if source is not None:
                found.append(source)
                named.add(Path(source.path).name)
        if isinstance(node, ast.Assign) and variable and (text := constant_text(node.value, constants)) is not None:
            constants[variable] = text
        traced = trace.statements.get(identifier)
        for path in traced.reads if traced else ():
            if Path(path).name not in named and path in trace.input_files:
                found.append(DataSource(path=path, statement=identifier, exists=True, variable=variable))
    for magic in notebook.magics:
        if magic.action == "download":
            found.append(DataSource(path=magic.source.strip(), statement=f"c{magic.cell}.s1", kind="download"))
    return tuple(found)


def without_handed_on(
    sources: Sequence[DataSource], facts: Mapping[str, StatementFacts], trace: Trace
) -> tuple[DataSource, ...]:
    """Return the sources without the files that the notebook itself writes before it reads them.

    Args:
        sources: As found.
        facts: Of each statement, with the statements that wrote the files it reads.
        trace: Where it ran, it knows which files were there before; else one that lies beside the notebook counts.
    """
    return tuple(s for s in sources if not (_is_written_before(s, facts) and not _was_there(s, trace)))


def _is_written_before(source: DataSource, facts: Mapping[str, StatementFacts]) -> bool:
    uses = facts[source.statement].uses if source.statement in facts and source.kind == "file" else ()
    name = posixpath.normpath(source.path)
    known = {use.variable for use in uses if use.kind == "state"}  # seen from where the notebook starts
    return any(variable == f"<file:{name}>" or variable.endswith(f"/{name}>") for variable in known)


def _was_there(source: DataSource, trace: Trace) -> bool:
    if trace.status == "not run":
        return bool(source.exists)
    return posixpath.normpath(source.path) in {posixpath.normpath(path) for path in trace.input_files}


def _source(identifier: str, call: Call, variable: str, folder: Path, constants: dict[str, str]) -> DataSource | None:
    if call.name.startswith(_BUNDLED):
        return DataSource(
            path=call.name.rpartition(".")[2], statement=identifier, reader=call.name, kind="bundled", variable=variable
        )
    roles = roles_of(call.name)
    if not roles or "load_data" not in roles:
        return None
    argument = call.node.args[0] if call.node.args else None
    for keyword in call.node.keywords:
        if keyword.arg in _PATH_WORDS:
            argument = keyword.value
    if call.name == "builtins.open" and any(
        "w" in ast.unparse(a) or "'a'" in ast.unparse(a) for a in call.node.args[1:2]
    ):
        return None
    path = constant_text(argument, constants) if argument is not None else None
    if argument is None or not path or "\n" in path:
        return None
    url = "://" in path
    return DataSource(
        path=path,
        statement=identifier,
        reader=call.name,
        kind="url" if url else "file",
        span=span_of(argument) if isinstance(argument, ast.Constant) else None,
        exists=None if url else _exists(folder, path),
        variable=variable,
    )


def _exists(folder: Path, path: str) -> bool | None:
    try:
        return (folder / path).exists()
    except (OSError, ValueError):
        return None


def _target(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""
