"""An axis given by position."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import qualified, text_of
from tools.repair.simple import argument_text, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with its axis named."""
    _, name = method_of(updated)
    joined = qualified(original.func, scope) == "pandas.concat"
    before = 1 if joined or name == "drop" else 0 if name == "dropna" else None
    positional = [a for a in updated.args if a.keyword is None and not a.star]
    if before is None or len(positional) != before + 1 or not _is_axis(text_of(positional[before].value)):
        return None
    parts = [argument_text(a, "axis" if a is positional[before] else "") for a in updated.args]
    return f"{text_of(updated.func)}({', '.join(parts)})"


def _is_axis(text: str) -> bool:
    return text.strip("'\"") in ("0", "1", "index", "columns", "rows")


REPAIR = Codemod(
    code="pandas-drop-positional",
    library="pandas",
    since="2.0",
    reason="An axis may no longer be given by position: `axis=` names it",
    mentions=(".drop(", "concat", ".dropna("),
    change=calls(_rewritten),
    errors=(
        r"\w+\(\) takes (from )?\d( to \d)? positional arguments? but \d (positional|were given)",
        r"\(\) takes 1 positional argument but 2 were given",
    ),
)
