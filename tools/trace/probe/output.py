"""What a statement prints, shows and raises, as bounded text."""

from __future__ import annotations

import io
import os
import sys
import traceback
import types
from typing import Any

MAX_STDOUT = 20_000
MAX_RESULT = 2_000
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class Printed(io.TextIOBase):
    """Keeps what is printed, bounded."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.size = 0

    def write(self, text: str) -> int:
        """Keep a text while there is room."""
        if self.size < 4 * MAX_STDOUT:
            self.kept.append(text)
            self.size += len(text)
        return len(text)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def text(self) -> str:
        """Return what was printed, cut in the middle where it is long."""
        return cut("".join(self.kept), MAX_STDOUT)


def shown(value: Any) -> str:
    """Return the text that a notebook shows for a value; a value that cannot be shown gives none."""
    try:
        return cut(repr(value), MAX_RESULT)
    except Exception:
        return ""


def cut(text: str, most: int) -> str:
    """Cut a long text in the middle."""
    return text if len(text) <= most else text[: most // 2] + " … " + text[-most // 2 :]


def error_of(statement: str, raised: BaseException) -> dict[str, Any]:
    """Return what is known of an exception, as the fields of `TraceError`."""
    line = 0
    for frame in traceback.extract_tb(raised.__traceback__):
        if frame.filename == f"<{statement}>":
            line = frame.lineno or 0
    if isinstance(raised, SyntaxError) and raised.filename == f"<{statement}>":
        line = raised.lineno or 0
    text = "".join(traceback.format_exception(type(raised), raised, _foreign(raised.__traceback__))[-8:])
    for folder in sorted({sys.prefix, sys.base_prefix}, key=len, reverse=True):
        text = text.replace(folder, "<…>")
    message = str(raised).strip().splitlines()
    return {
        "statement": statement,
        "kind": type(raised).__name__,
        "message": message[0][:500] if message else "",
        "line": line,
        "traceback": text[-2000:],
    }


def _foreign(found: types.TracebackType | None) -> types.TracebackType | None:
    """Return a traceback without the frames of the probe at its beginning."""
    while found is not None and found.tb_frame.f_code.co_filename.startswith(_HERE):
        found = found.tb_next
    return found


def figures() -> int:
    """Return the number of open figures."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return len(pyplot.get_fignums()) if pyplot is not None and hasattr(pyplot, "get_fignums") else 0


def close_figures() -> None:
    """Close all figures, as a notebook does at the end of a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and hasattr(pyplot, "close"):
        pyplot.close("all")
