"""Short names of frequencies."""

import re

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import text_of
from tools.repair.simple import calls, method_of

_NEW = {
    "M": "ME",
    "Q": "QE",
    "Y": "YE",
    "A": "YE",
    "H": "h",
    "T": "min",
    "S": "s",
    "L": "ms",
    "U": "us",
    "N": "ns",
    "BM": "BME",
    "BQ": "BQE",
    "BH": "bh",
    "SM": "SME",
}
_FREQUENCY = re.compile(r"^(-?\d*)([A-Z]{1,2})((?:-[A-Z]{3})?)$")
_TAKE_IT_FIRST = ("resample", "asfreq", "floor", "ceil", "round", "to_timedelta")


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return the call with the new name of its frequency."""
    name = method_of(updated)[1] or text_of(updated.func)
    changed, parts = False, []
    for number, argument in enumerate(updated.args):
        word = argument.keyword.value if argument.keyword else ""
        text = text_of(argument.value)
        first = not word and not number and name in _TAKE_IT_FIRST
        if isinstance(argument.value, cst.SimpleString) and (word in ("freq", "rule") or first):
            new = _renamed(str(argument.value.evaluated_value))
            changed = changed or bool(new)
            text = repr(new) if new else text
        parts.append((f"{word}=" if word else argument.star) + text)
    return f"{text_of(updated.func)}({', '.join(parts)})" if changed else None


def _renamed(frequency: str) -> str:
    found = _FREQUENCY.match(frequency)
    return f"{found[1]}{_NEW[found[2]]}{found[3]}" if found and found[2] in _NEW else ""


REPAIR = Codemod(
    code="pandas-frequencies",
    library="pandas",
    since="3.0",
    reason="Frequencies have new short names: `M` is `ME`, `Q` `QE`, `A` and `Y` `YE`, `H` `h`, `T` `min`, `S` `s`",
    mentions=(
        "resample",
        "date_range",
        "Grouper",
        "asfreq",
        "freq",
        "Timedelta",
        "timedelta",
        "floor",
        "round",
        "ceil",
    ),
    change=calls(_rewritten),
    errors=(
        r"Invalid frequency:",
        r"invalid unit abbreviation",
    ),
)
