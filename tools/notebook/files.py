"""The file → a notebook of format 4 as a plain dict; what cannot be read is refused with a sentence."""

import json
import re
from pathlib import Path
from typing import Any

from tools.errors import UserError

MAX_BYTES = 1_000_000_000
_SCRIPT_SUFFIXES = (".py", ".md", ".qmd", ".rmd")
_CELL_MARK = re.compile(r"^# ?%%|^# In\[[\d ]*\]:|^# ?<codecell>|^# \+|^# COMMAND ----------", re.MULTILINE)
_KERNEL_LANGUAGES = {
    "ir": "R",
    "julia": "Julia",
    "scala": "Scala",
    "spylon": "Scala",
    "bash": "Bash",
    "deno": "TypeScript",
    "tslab": "TypeScript",
    "javascript": "JavaScript",
    "ijavascript": "JavaScript",
    "xcpp": "C++",
    "rust": "Rust",
    "evcxr": "Rust",
    "gophernotes": "Go",
    "octave": "Octave",
    "matlab": "MATLAB",
    "stata": "Stata",
    "sas": "SAS",
    "ruby": "Ruby",
    "kotlin": "Kotlin",
    ".net": "C#",
}
_PYTHON_LANGUAGES = frozenset(("", "python", "python2", "python3", "ipython", "cpython", "pyspark"))
_DISPLAY_NAMES = {
    "r": "R",
    "julia": "Julia",
    "scala": "Scala",
    "bash": "Bash",
    "javascript": "JavaScript",
    "c++": "C++",
}


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        UserError: If there is no such file, it is a folder, too large, or cannot be opened.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder: name a notebook in it, such as {path / 'experiment.ipynb'}.")
    if not path.exists():
        raise UserError(f"There is no file {path}: check the path of the notebook.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path} is larger than 1 GB: clear its outputs and try again.")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror or error}): check its permissions.") from error


def parse_file(path: Path, content: bytes) -> dict[str, Any]:
    """Parse a notebook (`.ipynb` of any format) or a script with cells (jupytext).

    Args:
        path: For its suffix and for messages.
        content: Of the file.

    Returns:
        A notebook of format 4.

    Raises:
        UserError: If it is none.
    """
    text = _decode(path, content)
    if not text.strip():
        raise UserError(f"{path} is empty: it holds no cells.")
    if path.suffix.lower() in _SCRIPT_SUFFIXES:
        return _from_script(path, text)
    try:
        loaded = json.loads(text)
    except RecursionError as error:
        raise UserError(f"{path} is nested too deeply to be a notebook.") from error
    except ValueError as error:
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise UserError(
            f"{path} is no notebook: it is not JSON{where}. Save it again from Jupyter as .ipynb."
        ) from error
    if not isinstance(loaded, dict) or not (
        isinstance(loaded.get("cells"), list) or isinstance(loaded.get("worksheets"), list)
    ):
        raise UserError(f"{path} is JSON but no notebook: it has no list of cells.")
    return _upgrade(path, loaded)


def language(notebook: dict[str, Any]) -> tuple[str, str]:
    """Return the name of the kernel and the language for people, empty where it is Python."""
    metadata = _dict(notebook.get("metadata"))
    specification, info = _dict(metadata.get("kernelspec")), _dict(metadata.get("language_info"))
    kernel = str(specification.get("name") or "")
    named = str(info.get("name") or specification.get("language") or "").strip()
    if named:
        return kernel, "" if named.lower() in _PYTHON_LANGUAGES else _DISPLAY_NAMES.get(named.lower(), named)
    for prefix, name in _KERNEL_LANGUAGES.items():
        if re.fullmatch(rf"{re.escape(prefix)}[-_\d. ].*|{re.escape(prefix)}", kernel.lower()):
            return kernel, name
    return kernel, ""


def _decode(path: Path, content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in content[:1024]:
            raise UserError(f"{path} is a binary file and no notebook.") from None
        return content.decode("latin-1")


def _upgrade(path: Path, loaded: dict[str, Any]) -> dict[str, Any]:
    major = loaded.get("nbformat", 4 if "cells" in loaded else 3)
    if isinstance(major, int) and major < 4:
        import nbformat

        try:
            return dict(nbformat.reads(json.dumps(loaded), as_version=4))  # type: ignore[no-untyped-call]
        except Exception as error:  # the library raises whatever a broken file provokes
            raise UserError(f"{path} has notebook format {major} and cannot be upgraded: {error}.") from error
    return loaded


def _from_script(path: Path, text: str) -> dict[str, Any]:
    import jupytext

    suffix = path.suffix.lower()
    if suffix == ".py" and not _CELL_MARK.search(text):
        return {
            "cells": [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []}],
            "metadata": {},
            "nbformat": 4,
        }
    try:
        return dict(jupytext.reads(text, fmt=suffix.lstrip(".").replace("rmd", "Rmd")))
    except Exception as error:  # the library raises whatever a broken file provokes
        raise UserError(f"{path} cannot be read as a script with cells: {error}.") from error


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
