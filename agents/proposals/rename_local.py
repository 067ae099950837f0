"""Proposal: a clearer name for a local variable of one function. Target: `path:function:old`; value: the new name."""

import ast
import builtins
import keyword
import re
import symtable
from collections.abc import Mapping

import libcst as cst

from agents.proposals.model import Kind, Proposal, Refused, place_of

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,40}")
_BY_NAME = {"locals", "globals", "vars", "eval", "exec", "dir"}


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    path, rest = place_of(proposal.target, files)
    function, _, old = rest.partition(":")
    text, new = files[path], proposal.value
    checked_name(new, text)
    node = next((n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == function), None)
    if node is None:
        raise Refused(f"there is no function `{function}` in {path}")
    _checked_local(text, node, old)
    module = cst.parse_module(text)
    renamed = module.visit(_Renamer(function, old, new))
    return {**files, path: renamed.code}


def checked_name(name: str, text: str) -> None:
    """Refuse a name that is none, or that any code of a module could take for another thing.

    Args:
        name: Proposed.
        text: Of the module.

    Raises:
        Refused: If it cannot be used.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise Refused(f"`{name[:60]}` is no name for a variable")
    if hasattr(builtins, name) or re.search(rf"\b{name}\b", text):
        raise Refused(f"`{name}` is taken in the module")


def _checked_local(text: str, node: ast.FunctionDef, old: str) -> None:
    table = next(t for t in symtable.symtable(text, "module", "exec").get_children() if t.get_name() == node.name)
    symbols = {s.get_name(): s for s in table.get_symbols()}
    if old not in symbols or not symbols[old].is_local() or symbols[old].is_parameter() or symbols[old].is_imported():
        raise Refused(f"`{old[:60]}` is no local variable of `{node.name}`")
    if symbols[old].is_namespace():
        raise Refused(f"`{old}` is a function or class within `{node.name}`")
    if any(old in [s.get_name() for s in inner.get_symbols() if s.is_local()] for inner in inner_tables(table)):
        raise Refused(f"`{old}` is also a variable of a function or comprehension within `{node.name}`")
    for found in ast.walk(node):
        if isinstance(found, ast.Name) and found.id in _BY_NAME:
            raise Refused(f"`{node.name}` looks variables up by name (`{found.id}`)")
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and f"@{old}" in found.value:
            raise Refused(f"a query within `{node.name}` names `@{old}`")
        if isinstance(found, ast.JoinedStr) and f"{old}=" in ast.unparse(found):
            raise Refused(f"a text within `{node.name}` shows the name `{old}`")
        if isinstance(found, ast.ExceptHandler | ast.MatchAs) and found.name == old:
            raise Refused(f"`{old}` is bound by `except` or `case`")


def inner_tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    """Return the symbol tables of all scopes within one."""
    return [t for child in table.get_children() for t in (child, *inner_tables(child))]


class _Renamer(cst.CSTTransformer):
    def __init__(self, function: str, old: str, new: str) -> None:
        self.function, self.old, self.new = function, old, new
        self.depth = 0
        self.inside = False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self.inside = self.inside or (self.depth == 0 and node.name.value == self.function)
        self.depth += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        self.depth -= 1
        self.inside = self.inside and self.depth > 0
        return updated_node

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        self.depth += 1

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:  # noqa: N802
        self.depth -= 1
        return updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802
        return (
            updated_node.with_changes(value=self.new)
            if self.inside and original_node.value == self.old
            else updated_node
        )


def _told(proposal: Proposal) -> str:
    _, function, old = (*proposal.target.split(":"), "", "")[:3]
    return f"in `{function}` name `{old}` `{proposal.value}`"


RENAME_LOCAL = Kind(step="structure", told=_told, changed=_changed)
