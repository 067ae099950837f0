"""Cell magics: `CELL_MAGICS` maps the name behind `%%` to what becomes of the cell."""

import ast
import re
from collections.abc import Callable

from tools.notebook.installs import split_words
from tools.notebook.interpolation import python_string
from tools.notebook.rewrite import Context, Rewrite
from tools.notebook.shell import shell

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
        code = f'with open({path}, "a", encoding="utf-8") as file:\n    file.write({_text(body)})'
    else:
        code = f"import pathlib; pathlib.Path({path}).write_text({_text(body)}, encoding='utf-8')"
    return Rewrite("kept", "writes a file", code)


def _script(program: str) -> CellHandler:
    def handle(arguments: str, body: str, context: Context) -> Rewrite:
        words = [word for word in split_words(arguments) if word not in ("--no-raise-error", "--bg")]
        command = [program, *words] if program else words
        if not command or command[0] in ("false", "echo", "true", "skip", "noop"):
            return Rewrite("dropped", "a cell that is not run")
        if command[0] in ("bash", "sh", "zsh") and not _has_effect(body, context):
            found = [shell(line, context) for line in _shell_lines(body)]
            requirements = tuple(r for part in found for r in part.requirements)
            action = next(
                (a for a in ("download", "requirement") if any(part.action == a for part in found)), "dropped"
            )
            warning = "; ".join(part.warning for part in found if part.warning)
            return Rewrite(action, "shell lines without an effect to keep", requirements=requirements, warning=warning)  # type: ignore[arg-type]
        first = "sys.executable" if re.fullmatch(r"python[\d.]*", command[0]) else repr(command[0])
        modules = "import subprocess, sys" if first == "sys.executable" else "import subprocess"
        argv = ", ".join([first, *(repr(word) for word in command[1:])])
        code = f"{modules}; subprocess.run([{argv}], input={_text(body)}, text=True, check=True)"
        return Rewrite("kept", f"a script for `{command[0]}`", code)

    return handle


def _shell_lines(body: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", body)
    return [line for line in joined.split("\n") if line.strip() and not line.strip().startswith("#")]


def _has_effect(body: str, context: Context) -> bool:
    return any(shell(line, context).code for line in _shell_lines(body))


def _system(arguments: str, body: str, context: Context) -> Rewrite:
    return _script("bash")("", f"{arguments}\n{body}", context)


def _text(body: str) -> str:
    """Return a string literal for the lines of a cell, one source line a line where that is possible."""
    text = body if body.endswith("\n") or not body else f"{body}\n"
    literal = 'r"""' if "\\" in text else '"""'
    if '"""' in text or text.endswith("\\\n") or "\r" in text or "\x00" in text or not text.strip():
        return repr(text)
    if literal == '"""':
        return f'"""\\\n{text}"""'
    return f'r"""{text}"""' if not text.startswith("\n") else repr(text)


_SHOWN = "html HTML javascript js latex markdown svg SVG"
CELL_MAGICS: dict[str, CellHandler] = {
    "time": _body("timing only: the cell itself is kept"),
    "prun": _body("profiling only: the cell itself is kept"),
    "capture": _capture,
    "timeit": _dropped("repeated timing: binds nothing"),
    "memit": _dropped("memory measurement: binds nothing"),
    **{name: _dropped("shows something only") for name in _SHOWN.split()},
    **{name: _dropped("a cell that is not run") for name in ("skip", "ignore", "script_false", "disable")},
    **{name: _script(name) for name in ("bash", "sh", "zsh", "python", "python3", "python2", "perl", "ruby")},
    "script": _script(""),
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
