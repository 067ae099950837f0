"""Compares what a run printed and showed with the outputs saved in the notebook."""

import re
from collections.abc import Mapping

from tools.notebook.model import Notebook
from tools.trace.model import StatementTrace

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}|<Figure size[^>]*>|\d+(?:\.\d+)?\s?(?:s|ms|µs|it/s)\b")
_NUMPY = re.compile(r"np\.(?:float|int|bool)\d*_?\(([^()]*)\)")


def repeats_saved_outputs(notebook: Notebook, statements: Mapping[str, StatementTrace]) -> bool | None:
    """Tell whether printed text and shown results equal the saved ones.

    Addresses, figure sizes and timings do not count; white space is folded.

    Returns:
        None where no cell has a saved text output.
    """
    saved = False
    for cell in notebook.cells:
        wanted = _folded(" ".join(o.text for o in cell.outputs if o.kind in ("stream", "result")))
        if not wanted:
            continue
        traced = [statements[s.id] for s in cell.statements if s.id in statements]
        if not traced:
            continue
        saved = True
        given = _folded(" ".join(text for t in traced for text in (t.stdout, t.result_text)))
        if "…" in given or "…" in wanted:
            continue
        if not _alike(wanted, given):
            return False
    return True if saved else None


def _alike(wanted: str, given: str) -> bool:
    """Tell whether the numbers in two texts are the same in the same order, or the texts are."""
    if wanted == given:
        return True
    numbers = re.compile(r"-?\d+\.\d+")
    left, right = numbers.findall(wanted), numbers.findall(given)
    return bool(left) and left == right


def _folded(text: str) -> str:
    return " ".join(_ADDRESS.sub("", _NUMPY.sub(r"\1", text)).split())
