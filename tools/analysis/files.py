"""Files as pseudo-variables: which call reads or writes which path, as far as the text tells."""

import ast
import posixpath

from tools.analysis import calls
from tools.analysis.constants import constant_text
from tools.analysis.effects import effects, matches
from tools.analysis.heap import Obj
from tools.analysis.session import Session

ANY_FILE = "<file:*>"


def variable(s: Session, path: str | None) -> str:
    """Return the pseudo-variable of a file; of any file where its path or the working directory is not known."""
    if path is None:
        return ANY_FILE
    path = path.replace("\\", "/")
    if s.folder is None and not path.startswith("/"):
        return ANY_FILE
    if s.folder:
        path = posixpath.normpath(posixpath.join(s.folder, path))
    while path.startswith("./"):
        path = path[2:]
    return f"<file:{path}>"


def enter(s: Session, arguments: "calls.Arguments") -> None:
    """Note that the working directory changes: to a folder that was made before, if at all."""
    path = constant_text(s.constants, argument(arguments, 0, "path"))
    read(s, path)
    known = path is not None and not s.conditional and not s.active and s.folder is not None
    s.folder = posixpath.normpath(posixpath.join(s.folder or "", path or "")) if known else None


def read(s: Session, path: str | None) -> None:
    """Note that a file is read: edges to what wrote it, or something that may be it."""
    name = variable(s, path)
    s.read_state("<cwd>")
    if name == ANY_FILE:
        s.record.reads_any_file = True
        return
    s.read_state(name)
    s.read_state(ANY_FILE)
    inside = name[6:-1].strip("/")
    for known in sorted(s.state):
        if known.startswith("<file:") and known != name:
            other = known[6:-1].strip("/")
            if other and (inside.startswith(f"{other}/") or other.startswith(f"{inside}/") or "*" in inside):
                s.read_state(known)


def write(s: Session, path: str | None) -> None:
    """Note that a file is written."""
    s.record.files_written = True
    s.read_state("<cwd>")
    if path is not None and "/" in path:
        for known in sorted(s.state):
            if known.startswith("<file:") and path.startswith(known[6:-1].rstrip("/") + "/"):
                s.read_state(known)
    s.write_state(variable(s, path))


def argument(arguments: "calls.Arguments", position: int, *names: str) -> ast.expr | None:
    """Return the expression passed at a position or under one of the names."""
    call = arguments.node
    if call is None:
        return None
    if position < len(call.args):
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg in names), None)


def is_display_option(arguments: "calls.Arguments") -> bool:
    """Tell whether a pandas option only concerns how values are shown."""
    node = argument(arguments, 0, "pat")
    return isinstance(node, ast.Constant) and str(node.value).split(".")[0] in {"display", "max_columns", "max_rows"}


def function(s: Session, name: str, arguments: "calls.Arguments") -> None:
    """Note the files that a library function reads or writes."""
    tables = effects()
    if name in {"builtins.open", "io.open", "gzip.open", "codecs.open"}:
        path = constant_text(s.constants, argument(arguments, 0, "file", "filename"))
        mode = argument(arguments, 1, "mode")
        text = mode.value if isinstance(mode, ast.Constant) else "r" if mode is None else "w+"
        if any(letter in str(text) for letter in "wax+"):
            write(s, path)
        else:
            read(s, path)
        return
    for known, position in tables.file_readers.items():
        if matches(name, frozenset({known})):
            node = argument(arguments, position, "filepath_or_buffer", "path", "filename", "fname", "io", "file", "f")
            read(s, constant_text(s.constants, node))
            break
    if name in tables.file_writers:
        write(
            s,
            constant_text(
                s.constants, argument(arguments, tables.file_writers[name], "filename", "fname", "path", "f", "file")
            ),
        )
    if name.startswith("subprocess.") or name in {"os.system", "os.popen"}:
        read(s, None)
        s.write_state(ANY_FILE)
        s.record.files_written = True


def method(s: Session, obj: Obj, name: str, arguments: "calls.Arguments") -> None:
    """Note the files that a method of a library object reads or writes."""
    tables = effects()
    if name in tables.file_writing_methods and (obj.root != "pandas" or name.startswith("to_")):
        if name in {"rename", "extract", "render", "save"} and obj.root in {"pandas", "numpy"}:
            return
        call = arguments.node
        if name.startswith("to_") and call is not None and not call.args and not call.keywords:
            return  # gives text
        node = argument(arguments, tables.file_writing_methods[name], "path_or_buf", "path", "fname", "excel_writer")
        write(s, constant_text(s.constants, node) if obj.root != "pathlib" else None)
    if name in tables.file_reading_methods and obj.root not in {"pandas", "numpy", "sklearn"}:
        read(s, None if obj.root == "pathlib" else constant_text(s.constants, argument(arguments, 0, "path")))


def handle_type(s: Session, name: str, arguments: "calls.Arguments") -> str:
    """Return the type of an iterator; of an open file it names the file, so that later writes count."""
    if name in {"builtins.open", "io.open", "gzip.open", "codecs.open"}:
        mode = argument(arguments, 1, "mode")
        if mode is not None and not (isinstance(mode, ast.Constant) and set(str(mode.value)) <= set("rbt")):
            path = constant_text(s.constants, argument(arguments, 0, "file", "filename"))
            return f"<file:{path or '*'}>"
    return name
