"""`has_key`, `itervalues`, `iterkeys` and `next` of Python 2."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.simple import arguments_of, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return what Python 3 calls it."""
    receiver, name = method_of(updated)
    arguments = arguments_of(updated)
    if name == "has_key" and len(arguments) == 1:
        return f"({arguments[0]} in {receiver})"
    if name in ("iterkeys", "itervalues") and not arguments:
        return f"{receiver}.{name.removeprefix('iter')}()"
    return f"next({receiver})" if name == "next" and not arguments and scope.line else None


REPAIR = Codemod(
    code="python2-dict-methods",
    library="python",
    since="3.0",
    reason="`d.has_key(k)` is `k in d`; `iterkeys` and `itervalues` are `keys` and `values`; `it.next()` is `next(it)`",
    mentions=("has_key", "iterkeys", "itervalues", ".next("),
    change=calls(_rewritten),
    errors=(r"no attribute '(has_key|iterkeys|itervalues|next)'",),
    certain=True,
)
