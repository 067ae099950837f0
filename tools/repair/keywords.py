"""Keyword arguments that were renamed or dropped, or whose values were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from tools.repair.model import Change, Scope
from tools.repair.rewrite import expression, qualified, rewrite, text_of, with_arguments


@dataclass(frozen=True)
class Keyword:
    """What becomes of one keyword argument.

    Attributes:
        old: Its name.
        new: Its new name; empty where it goes.
        values: New value by old one, as source (`"'mse'"`: `"'squared_error'"`); only a call with one of them is
            changed where this is given. An empty new value drops the argument.
        in_dicts: Dictionaries with that key (`{'max_features': ['auto']}`, `'forest__max_features'`) change too.
    """

    old: str
    new: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    in_dicts: bool = False


def keywords(functions: Sequence[str], edits: Sequence[Keyword]) -> Change:
    """Return a change of keyword arguments.

    Args:
        functions: Whose calls are changed: `sklearn.BaggingClassifier` for a name imported from anywhere in `sklearn`,
            `.to_csv` for a method of that name.
        edits: What becomes of which arguments.
    """
    wanted = frozenset(functions)

    def change(code: str, scope: Scope) -> str:
        def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
            if isinstance(updated, cst.DictElement):
                return _in_dict(updated, [e for e in edits if e.in_dicts])
            if not (isinstance(updated, cst.Call) and isinstance(original, cst.Call)):
                return None
            return _call(updated, edits) if is_call_of(original, wanted, scope) else None

        kinds = (cst.Call, cst.DictElement) if any(e.in_dicts for e in edits) else (cst.Call,)
        return rewrite(code, scope, kinds, rule)

    return change


def is_call_of(call: cst.Call, functions: frozenset[str], scope: Scope) -> bool:
    """Tell whether a call is one of some functions, written as for `keywords`."""
    name = qualified(call.func, scope)
    if name and f"{name.split('.')[0]}.{name.split('.')[-1]}" in functions:
        return True
    return isinstance(call.func, cst.Attribute) and f".{call.func.attr.value}" in functions


def _call(call: cst.Call, edits: Sequence[Keyword]) -> cst.Call | None:
    arguments: list[cst.Arg] = []
    changed = False
    for argument in call.args:
        edit = next((e for e in edits if argument.keyword is not None and argument.keyword.value == e.old), None)
        if edit is None:
            arguments.append(argument)
            continue
        new = _edited(argument, edit)
        changed = changed or new is not argument
        if new is not None:
            arguments.append(new)
    return with_arguments(call, arguments) if changed else None


def _edited(argument: cst.Arg, edit: Keyword) -> cst.Arg | None:
    if edit.values:
        value = _literal(argument.value)
        if value not in edit.values:
            return argument
        new = edit.values[value]
        if not new:
            return None
        argument = argument.with_changes(value=expression(new))
        return argument.with_changes(keyword=cst.Name(edit.new)) if edit.new else argument
    return argument.with_changes(keyword=cst.Name(edit.new)) if edit.new else None


def _in_dict(element: cst.DictElement, edits: Sequence[Keyword]) -> cst.DictElement | None:
    if not isinstance(element.key, cst.SimpleString):
        return None
    key = str(element.key.evaluated_value)
    for edit in edits:
        if edit.old not in key.split("__"):
            continue
        if edit.values and key.split("__")[-1] == edit.old:
            value = element.value.visit(_Values(edit.values))
            return element.with_changes(value=value) if value is not element.value else None
        if not edit.values and edit.new:
            new = "__".join(edit.new if part == edit.old else part for part in key.split("__"))
            return element.with_changes(key=cst.SimpleString(repr(new)))
    return None


class _Values(cst.CSTTransformer):
    """Replaces values in the list of a dictionary; one that goes has no place in a list and stays."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__()
        self.values = values

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        """Replace a string."""
        new = self.values.get(_literal(updated_node), "")
        return expression(new) if new else updated_node


def _literal(value: cst.CSTNode) -> str:
    """Return the source of a value, strings in single quotes."""
    if isinstance(value, cst.SimpleString):
        return repr(value.evaluated_value)
    return text_of(value)
