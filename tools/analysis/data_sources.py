"""What a notebook reads: files, addresses, bundled data sets."""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.analysis.hyperparameters import span_of
from tools.analysis.knowledge.load import roles_of
from tools.analysis.model import DataSource
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
    for identifier in order:
        node = trees[identifier].body[0]
        variable = _target(node)
        named: set[str] = set()
        for call in calls[identifier]:
            source = _source(identifier, call, variable, folder)
            if source is not None:
                found.append(source)
                named.add(Path(source.path).name)
        traced = trace.statements.get(identifier)
        for path in traced.reads if traced else ():
            if Path(path).name not in named and path in trace.input_files:
                found.append(DataSource(path=path, statement=identifier, exists=True, variable=variable))
    for magic in notebook.magics:
        if magic.action == "download":
            found.append(DataSource(path=magic.source.strip(), statement=f"c{magic.cell}.s1", kind="download"))
    return tuple(found)


def _source(identifier: str, call: Call, variable: str, folder: Path) -> DataSource | None:
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
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        path = argument.value
        if "://" in path:
            return DataSource(
                path=path, statement=identifier, reader=call.name, kind="url", span=span_of(argument), variable=variable
            )
        return DataSource(
            path=path,
            statement=identifier,
            reader=call.name,
            span=span_of(argument),
            exists=(folder / path).exists(),
            variable=variable,
        )
    return None


def _target(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""
