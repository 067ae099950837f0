"""Cell magics: `CELL_MAGICS` maps the name behind `%%` to what becomes of the cell."""

import ast
import re
from collections.abc import Callable

from tools.notebook.interpolation import python_string
from tools.notebook.rewrite import Context, Rewrite
from tools.notebook.script_cells import literal_text, script

CellHandler = Callable[[str, str, Context], Rewrite]
"""(arguments, the lines below, context) → `Rewrite`; `again` where the body stays and is looked at again."""

_FOREIGN_WORDS = """
sql bigquery R r julia cython cpp octave matlab stata sas scala kotlin js ruby perl pypy cmd powershell
fortran rust go java node coffeescript lua spark_sql dot mermaid ai chat prompt
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())


def _body(detail: str) -> CellHandler:
    return lambda arguments, body, context: Rewrite("rewritten", detail, again=True)


def _dropped(detail: str) -> CellHandler:
    return lambda arguments, body, context: Rewrite("dropped", detail)


def _capture(arguments: str, body: str, context: Context) -> Rewrite:
    name = next((word for word in arguments.split() if not word.startswith("-")), "")
    if name.isidentifier() and re.search(rf"\b{name}\s*[.(]", context.source):
        members = (
            '{"stdout": "", "stderr": "", "outputs": [], "show": lambda self: None, "__call__": lambda self: None}'
        )
        code = f'{name} = type("CapturedIO", (), {members})()'
        warning = f"`{name}` holds the captured output of a cell; it is empty here"
        return Rewrite("rewritten", "capture only: the cell itself is kept", code, again=True, warning=warning)
    return Rewrite("rewritten", "capture only: the cell itself is kept", again=True)


def _write_file(arguments: str, body: str, context: Context) -> Rewrite:
    words = arguments.split()
    appends = words[:1] in (["-a"], ["--append"])
    name = " ".join(words[1:] if appends else words).strip("'\"")
    path = python_string(name, context.names)
    if name.startswith("~"):
        path = f"pathlib.Path({path}).expanduser()"
    if appends:
        code = f'with open({path}, "a", encoding="utf-8") as file:\n    file.write({literal_text(body)})'
    else:
        code = f"import pathlib; pathlib.Path({path}).write_text({literal_text(body)}, encoding='utf-8')"
    return Rewrite("kept", "writes a file", code)


def _system(arguments: str, body: str, context: Context) -> Rewrite:
    return script("bash")("", f"{arguments}\n{body}", context)


_SHOWN = "html HTML javascript js latex markdown svg SVG"
CELL_MAGICS: dict[str, CellHandler] = {
    "time": _body("timing only: the cell itself is kept"),
    "prun": _body("profiling only: the cell itself is kept"),
    "capture": _capture,
    "timeit": _dropped("repeated timing: binds nothing"),
    "memit": _dropped("memory measurement: binds nothing"),
    **{name: _dropped("shows something only") for name in _SHOWN.split()},
    **{name: _dropped("a cell that is not run") for name in ("skip", "ignore", "script_false", "disable")},
    **{name: script(name) for name in ("bash", "sh", "zsh", "python", "python3", "python2", "perl", "ruby")},
    "script": script(""),
    "writefile": _write_file,
    "file": _write_file,
    "system": _system,
    "sx": _system,
    "!": _system,
    "debug": _body("debugging only: the cell itself is kept"),
}


def cell_magic(name: str, arguments: str, body: str, context: Context) -> Rewrite:
    """Decide on a cell that starts with `%%name arguments`.

    A known foreign language is dropped with a warning; an unknown magic keeps its body where that is Python.
    """
    handler = CELL_MAGICS.get(name)
    if handler is not None:
        return handler(arguments, body, context)
    if name not in _FOREIGN and _is_python(body):
        return Rewrite(
            "rewritten",
            "an unknown cell magic: its Python is kept",
            again=True,
            warning=f"the cell magic `%%{name}` is unknown; its cell runs without it",
        )
    return Rewrite(
        "dropped",
        "a cell in another language",
        warning=f"the cell magic `%%{name}` is no Python and its cell was left out",
    )


def _is_python(body: str) -> bool:
    try:
        return bool(ast.parse(body).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return body.lstrip().startswith(("%", "!"))
