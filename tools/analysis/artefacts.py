"""Files that a notebook saves."""

import ast
from collections.abc import Mapping, Sequence
from typing import Literal

from tools.analysis.literals import constant_text
from tools.analysis.model import Artefact, ModelUse
from tools.analysis.qualified import Call

Kind = Literal["model", "data", "figure", "other"]
_DATA = ("to_csv", "to_parquet", "to_excel", "to_pickle", "to_json", "to_feather")


def find_artefacts(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    calls: Mapping[str, Sequence[Call]],
    models: Sequence[ModelUse],
) -> tuple[Artefact, ...]:
    """Return what is saved, in run order."""
    variables = {model.variable for model in models if model.variable}
    found: list[Artefact] = []
    constants: dict[str, str] = {}
    for identifier in order:
        node = trees[identifier].body[0]
        _take_paths(node, constants)
        for call in calls[identifier]:
            artefact = _artefact(identifier, call, variables)
            if artefact is not None and not call.nested:
                path = constants.get(artefact.path, artefact.path)
                found.append(artefact.model_copy(update={"path": path}))
    return tuple(found)


def _artefact(identifier: str, call: Call, models: set[str]) -> Artefact | None:
    name, arguments = call.name, call.node.args
    method = name.rpartition(".")[2]
    if (
        name
        in (
            "joblib.dump",
            "pickle.dump",
            "dill.dump",
            "torch.save",
            "sklearn.externals.joblib.dump",
            "cloudpickle.dump",
        )
        and arguments
    ):
        variable = _root(arguments[0])
        path = _text(arguments[1]) if len(arguments) > 1 else ""
        return Artefact(
            path=path, statement=identifier, variable=variable, kind="model" if variable in models else "other"
        )
    if method in ("savefig", "write_html", "write_image"):
        return Artefact(path=_text(arguments[0]) if arguments else "", statement=identifier, kind="figure")
    if method in _DATA and isinstance(call.node.func, ast.Attribute) and arguments:
        return Artefact(
            path=_text(arguments[0]), statement=identifier, variable=_root(call.node.func.value), kind="data"
        )
    if name in ("numpy.save", "numpy.savez", "numpy.savetxt") and len(arguments) > 1:
        return Artefact(path=_text(arguments[0]), statement=identifier, variable=_root(arguments[1]), kind="data")
    if method in ("save", "save_model", "dump_model") and isinstance(call.node.func, ast.Attribute):
        variable = _root(call.node.func.value)
        if variable in models:
            return Artefact(
                path=_text(arguments[0]) if arguments else "", statement=identifier, variable=variable, kind="model"
            )
    return None


def _take_paths(node: ast.stmt, constants: dict[str, str]) -> None:
    """Take up paths held in variables, and those of files opened under a name: `with open("m.pkl", "wb") as file`."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            target, value = part.targets[0].id, part.value
        elif isinstance(part, ast.withitem) and isinstance(part.optional_vars, ast.Name):
            target, value = part.optional_vars.id, part.context_expr
        else:
            continue
        opened = isinstance(value, ast.Call) and ast.unparse(value.func) in ("open", "gzip.open", "bz2.open")
        text = constant_text(
            value.args[0] if isinstance(value, ast.Call) and opened and value.args else value, constants
        )
        if text is not None:
            constants[target] = text


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value not in ("wb", "w"):
            return part.value
    return ast.unparse(node)
