"""`read_csv(squeeze=True)`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified, text_of
from tools.repair.simple import arguments_of, calls


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call without the argument."""
    argument = keyword(updated, "squeeze")
    if argument is None or not qualified(original.func, scope).startswith("pandas.read_"):
        return None
    call = f"{text_of(updated.func)}({', '.join(arguments_of(updated, ('squeeze',)))})"
    return {"True": f'{call}.squeeze("columns")', "False": call}.get(text_of(argument.value))


REPAIR = Codemod(
    code="pandas-squeeze",
    library="pandas",
    since="2.0",
    reason='`squeeze=True` is gone: `.squeeze("columns")` makes a series of a single column',
    mentions=("squeeze",),
    change=calls(_rewritten),
    errors=(r"unexpected keyword argument 'squeeze'",),
    certain=True,
)
