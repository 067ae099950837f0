"""Lines that start with an escape character, and the calls of the IPython shell that they stand for."""

import ast
import re
from dataclasses import replace

from tools.notebook.cell_magics import cell_magic
from tools.notebook.line_magics import line_magic
from tools.notebook.rewrite import Context, Rewrite
from tools.notebook.shell import shell

_LINE_MAGIC = re.compile(r"^\s*([A-Za-z_][\w.]*)[ \t]*(.*)$", re.DOTALL)


def escaped(text: str, context: Context) -> Rewrite:
    """Decide on a line that starts with an escape character.

    Args:
        text: Without indentation, continuation lines joined.
        context: Of the notebook.

    Returns:
        What becomes of it.
    """
    if text.startswith("?"):
        return Rewrite("dropped", "a help query")
    if text.startswith(("!!", "!")):
        return shell(text.lstrip("!"), context)
    if text.startswith("%"):
        found = _LINE_MAGIC.match(text.lstrip("%"))
        if found is None:
            return Rewrite("dropped", "no magic is named", warning=f"`{text}` names no magic and was left out")
        if text.rstrip(" ;").endswith("?") and not found[2].strip(" ?;"):
            return Rewrite("dropped", "a help query")
        if text.startswith("%%"):
            warning = f"`%%{found[1]}` stands below the first line, where it has no effect"
            return Rewrite("dropped", "a cell magic below the first line", warning=warning)
        return line_magic(found[1], found[2].strip(), context)
    return _autocall(text)


def _autocall(text: str) -> Rewrite:
    """`/f a, b`, `;f a b` and `,f a b`: calls without brackets."""
    name, _, rest = text[1:].strip().partition(" ")
    rest = rest.strip()
    if text[0] == "/":
        code = f"{name}({rest})"
    elif text[0] == ";":
        code = f"{name}({rest!r})"
    else:
        code = f"{name}({', '.join(repr(word) for word in rest.split())})"
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return Rewrite("rewritten", "left as written", text)
    return Rewrite("rewritten", "a call written out", code)


def ipython_call(source: str, context: Context) -> Rewrite:
    """Treat a call of the IPython shell as the magic that it is.

    Args:
        source: A statement such as `get_ipython().run_line_magic("matplotlib", "inline")`.
        context: Of the notebook.

    Returns:
        What becomes of it; a call that is no magic is dropped.
    """
    try:
        statement = ast.parse(source).body[0]
    except (SyntaxError, ValueError, IndexError):
        return Rewrite("dropped", "a call of the IPython shell")
    value = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
    if isinstance(statement, ast.Assign):
        context = replace(context, target=" = ".join(ast.unparse(target) for target in statement.targets))
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)):
        return Rewrite("dropped", "a call of the IPython shell", f"{context.target} = None" if context.target else "")
    words = [a.value for a in value.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    method = value.func.attr
    if len(words) == len(value.args):
        if method in ("magic", "run_line_magic") and words:
            return escaped(f"%{' '.join(words)}", context)
        if method in ("system", "getoutput", "getoutputs") and words:
            return shell(words[0], context)
        if method == "run_cell_magic" and len(words) == 3:
            result = cell_magic(words[0], words[1], words[2], context)
            return (
                replace(result, code=f"{result.code}\n{words[2]}".strip("\n"), again=False) if result.again else result
            )
        if method in ("run_cell", "ex") and words:
            return Rewrite("rewritten", "code written out", words[0])
    code = f"{context.target} = None" if context.target else ""
    return Rewrite("dropped", "a call of the IPython shell", code)
