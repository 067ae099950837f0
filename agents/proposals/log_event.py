"""Proposal: a log event at the end of a function, which computes nothing. Target: `path:function`; a `LogEvent`."""

import ast
import re
from collections.abc import Mapping

from agents.proposals.model import Kind, Material, Proposal, Refused, place_of, read
from tools.frozen import Frozen

_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")
_RESERVED = {"event", "level", "timestamp", "logger", "exc_info", "stack_info", "self"}
_PLAIN = {"int", "float", "str", "bool"}
MOST = 6


class LogEvent(Frozen):
    """An event.

    Attributes:
        event: Its name in snake case: `rows_cleaned`.
        fields: Expression by name of the field: `len(df)`, `df.shape`, or an argument that is a number, text or truth.
    """

    event: str
    fields: dict[str, str] = {}


def _prepared(proposal: Proposal, material: Material) -> Proposal:
    path, name = place_of(proposal.target, material.tree)
    stages = [f for f in material.plan.functions if f.kind == "stage"]
    if (path, name) not in [(f.module, f.name) for f in stages]:
        raise Refused(f"`{name}` is no function that holds statements of the notebook")
    return proposal


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    path, name = place_of(proposal.target, files)
    asked = read(proposal, LogEvent)
    text = files[path]
    module = ast.parse(text)
    node = next((n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    if node is None:
        raise Refused(f"there is no function `{name}` in {path}")
    if not _NAME.fullmatch(asked.event) or f'"{asked.event}"' in text:
        raise Refused(f"`{asked.event}` is no name in snake case, or it is taken")
    if len(asked.fields) > MOST:
        raise Refused(f"an event has at most {MOST} fields")
    fields = ", ".join(f"{key}={_checked(key, source, node)}" for key, source in asked.fields.items())
    logger = _logger(module)
    last = node.body[-1]
    if not isinstance(last, ast.Return) and any(isinstance(n, ast.Return) for n in ast.walk(node)):
        raise Refused(f"`{name}` has no single end")
    lines = text.splitlines(keepends=True)
    at = last.lineno - 1 if isinstance(last, ast.Return) else last.end_lineno or last.lineno
    call = f'{" " * last.col_offset}{logger or "log"}.info("{asked.event}"{", " + fields if fields else ""})\n'
    changed = "".join([*lines[:at], call, *lines[at:]])
    return {**files, path: changed if logger else _with_logger(changed, module)}


def _checked(key: str, source: str, node: ast.FunctionDef) -> str:
    """Return an expression that only looks at a variable of the function."""
    if not _NAME.fullmatch(key) or key in _RESERVED:
        raise Refused(f"`{key}` is no name for a field")
    try:
        expression = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise Refused(f"`{source[:40]}` is no expression") from error
    plain = {a.arg for a in node.args.args if a.annotation is not None and ast.unparse(a.annotation) in _PLAIN}
    bound = {a.arg for a in node.args.args}
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            bound |= {
                n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    match expression:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=variable)], keywords=[]):
            ok = variable in bound
        case ast.Attribute(value=ast.Name(id=variable), attr="shape"):
            ok = variable in bound
        case ast.Name(id=variable):
            ok = variable in plain
        case _:
            ok = False
    if not ok:
        raise Refused(f"`{source[:60]}` is no `len(x)`, `x.shape` or plain argument of `{node.name}`")
    return ast.unparse(expression)


def _logger(module: ast.Module) -> str:
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "structlog.get_logger()":
            return ast.unparse(node.targets[0])
    return ""


def _with_logger(text: str, module: ast.Module) -> str:
    """Give a module a logger behind its imports."""
    names = {n.id for n in ast.walk(module) if isinstance(n, ast.Name)} | {
        a.arg for a in ast.walk(module) if isinstance(a, ast.arg)
    }
    if {"log", "structlog"} & names:
        raise Refused("the module uses the name `log` for something else")
    imports = [n for n in module.body if isinstance(n, ast.Import | ast.ImportFrom)]
    if not imports:
        raise Refused("the module has no imports to stand behind")
    at = max(n.end_lineno or n.lineno for n in imports)
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:at], "import structlog\n\nlog = structlog.get_logger()\n", *lines[at:]])


def _told(proposal: Proposal) -> str:
    value = LogEvent.model_validate_json(proposal.value)
    return f"log event `{value.event}` at the end of `{proposal.target.partition(':')[2]}`"


LOG_EVENT = Kind(step="harden", told=_told, prepared=_prepared, changed=_changed)
