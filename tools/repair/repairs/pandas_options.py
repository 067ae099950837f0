"""Short names of options that several options have now."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import calls

_SHORT = ("max_columns", "max_rows", "max_colwidth", "width", "precision", "min_rows", "expand_frame_repr")
_OLD = {"display.height": "display.max_rows"}


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with the option's full name; options that only styled plots are let go."""
    if qualified(original.func, scope) not in ("pandas.set_option", "pandas.get_option", "pandas.reset_option"):
        return None
    name = updated.args[0].value if updated.args else None
    if not isinstance(name, cst.SimpleString):
        return None
    text = str(name.evaluated_value)
    if text == "display.mpl_style":
        return "None"
    new = f"display.{text}" if text in _SHORT else _OLD.get(text, "")
    rest = [text_of(a.value) for a in updated.args[1:]]
    return f"{text_of(updated.func)}({', '.join([repr(new), *rest])})" if new else None


REPAIR = Codemod(
    code="pandas-options",
    library="pandas",
    since="1.0",
    reason="A short name that fits several options is an error: `max_columns` is `display.max_columns`",
    mentions=("set_option", "get_option", "reset_option"),
    change=calls(_rewritten),
    errors=(r"OptionError|Pattern matched multiple keys|No such keys?",),
)
