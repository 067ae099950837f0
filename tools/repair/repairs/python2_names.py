"""Builtins of Python 2."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import rewrite

_NEW = {
    "xrange": "range",
    "raw_input": "input",
    "unicode": "str",
    "unichr": "chr",
    "long": "int",
    "basestring": "str",
}
_FROM = {"reduce": "from functools import reduce", "reload": "from importlib import reload"}


def change(code: str, scope: Scope) -> str:
    """Return the statement with the names of Python 3; a name that the notebook binds itself is its own."""
    added: list[str] = []

    def rule(original: cst.CSTNode, updated: cst.CSTNode, failing: bool) -> cst.CSTNode | None:
        if not (isinstance(updated, cst.Call) and isinstance(updated.func, cst.Name)):
            return None
        name = updated.func.value
        if name in scope.imports or name in scope.types or f"def {name}(" in code:
            return None
        if name in _FROM:
            added.append(_FROM[name])
        return updated.with_changes(func=cst.Name(_NEW[name])) if name in _NEW else None

    changed = rewrite(code, scope, (cst.Call,), rule)
    return "".join(f"{line}\n" for line in dict.fromkeys(added)) + changed


REPAIR = Codemod(
    code="python2-names",
    library="python",
    since="3.0",
    reason="`xrange`, `raw_input`, `unicode`, `unichr`, `long`, `reduce`, `basestring` are gone from the builtins",
    mentions=("xrange", "raw_input", "unicode", "unichr", "long", "basestring", "reduce", "reload"),
    change=change,
    errors=(r"NameError: name '(xrange|raw_input|unicode|unichr|long|basestring|reduce|reload)' is not defined",),
)
