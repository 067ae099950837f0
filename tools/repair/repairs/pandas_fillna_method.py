"""`fillna(method=…)`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, text_of
from tools.repair.simple import arguments_of, calls, method_of

_METHODS = {"ffill": "ffill", "pad": "ffill", "bfill": "bfill", "backfill": "bfill"}


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call of the method."""
    receiver, name = method_of(updated)
    argument = keyword(updated, "method")
    if name != "fillna" or argument is None:
        return None
    method = _METHODS.get(text_of(argument.value).strip("'\""))
    return f"{receiver}.{method}({', '.join(arguments_of(updated, ('method', 'downcast')))})" if method else None


REPAIR = Codemod(
    code="pandas-fillna-method",
    library="pandas",
    since="3.0",
    reason="The argument `method` of `fillna` is gone: `ffill` and `bfill` do the same",
    mentions=("fillna",),
    change=calls(_rewritten),
    errors=(r"fillna\(\) got an unexpected keyword argument 'method'",),
    certain=True,
)
