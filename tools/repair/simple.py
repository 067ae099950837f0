"""Shapes that many repairs share: a method renamed, a call rewritten."""

from collections.abc import Callable, Mapping

import libcst as cst

from tools.repair.model import Change, Scope
from tools.repair.receivers import is_one_of
from tools.repair.rewrite import expression, rewrite, text_of

Rewritten = Callable[[cst.Call, cst.Call, Scope, list[str]], str | None]


def methods(names: Mapping[str, str], classes: tuple[str, ...] = ()) -> Change:
    """Return a change of the names of methods that are called.

    Args:
        names: New name by old one.
        classes: Of the receivers; empty where the old name is telling enough.
    """

    def change(code: str, scope: Scope) -> str:
        def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
            if not (isinstance(original, cst.Call) and isinstance(updated, cst.Call)):
                return None
            func = updated.func
            if not isinstance(func, cst.Attribute) or func.attr.value not in names:
                return None
            if classes and not is_one_of(original, classes, scope, failing):
                return None
            return updated.with_changes(func=func.with_changes(attr=cst.Name(names[func.attr.value])))

        return rewrite(code, scope, (cst.Call,), rule)

    return change


def attributes(names: Mapping[str, str]) -> Change:
    """Return a change of the names of attributes, of whatever object; for names that are telling enough.

    Args:
        names: New name by old one.
    """

    def change(code: str, scope: Scope) -> str:
        def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
            if isinstance(updated, cst.Attribute) and updated.attr.value in names:
                return updated.with_changes(attr=cst.Name(names[updated.attr.value]))
            return None

        return rewrite(code, scope, (cst.Attribute,), rule)

    return change


def calls(rewritten: Rewritten) -> Change:
    """Return a change of calls.

    Args:
        rewritten: Given a call as written, the call with what it contains rewritten, the scope, and a list that takes
            import statements which the new code needs; gives the source that stands in its place, or None.
    """

    def change(code: str, scope: Scope) -> str:
        added: list[str] = []

        def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
            assert isinstance(original, cst.Call)
            assert isinstance(updated, cst.Call)
            text = rewritten(original, updated, scope, added)
            return None if text is None else expression(text)

        changed = rewrite(code, scope, (cst.Call,), rule)
        return "".join(f"{line}\n" for line in dict.fromkeys(added)) + changed

    return change


def method_of(call: cst.Call) -> tuple[str, str]:
    """Return the receiver and the name of the method that is called; empty where it is no method."""
    func = call.func
    return (text_of(func.value), func.attr.value) if isinstance(func, cst.Attribute) else ("", "")


def arguments_of(call: cst.Call, without: tuple[str, ...] = ()) -> list[str]:
    """Return the source of the arguments, some keywords left out."""
    return [argument_text(a) for a in call.args if a.keyword is None or a.keyword.value not in without]


def argument_text(argument: cst.Arg, name: str = "") -> str:
    """Return the source of an argument.

    Args:
        argument: Of a call.
        name: That one given by position gets; empty for none.
    """
    key = argument.keyword.value if argument.keyword else name
    return (f"{key}=" if key else argument.star) + text_of(argument.value)


def one_after_another(*changes: Change) -> Change:
    """Return the change that makes several, one after another."""

    def change(code: str, scope: Scope) -> str:
        for one in changes:
            code = one(code, scope)
        return code

    return change
