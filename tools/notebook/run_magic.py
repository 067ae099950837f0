"""`%run script.py` and `%run other.ipynb`."""

import re

from tools.notebook.installs import split_words
from tools.notebook.interpolation import python_string
from tools.notebook.rewrite import Context, Rewrite

_MAX_NESTING = 5


def run(arguments: str, context: Context) -> Rewrite:
    """Turn `%run [-i] [-n] file arguments` into Python with the same effect.

    A notebook is written out in place, cell by cell, so that its functions can be analysed; a script runs by `runpy`.
    """
    words = split_words(arguments)
    options: list[str] = []
    while words and words[0].startswith("-"):
        options.append(words.pop(0))
    if not words:
        return Rewrite("dropped", "a run of nothing")
    target, rest = words[0], words[1:]
    if options == ["-m"]:
        return Rewrite("kept", "runs a module", _call("run_module", repr(target), rest, options, context))
    if target.endswith(".ipynb"):
        return _notebook(target, context)
    if not re.search(r"\.\w+$", target):
        target += ".py"
    code = _call("run_path", python_string(target, context.names), rest, options, context)
    return Rewrite("kept", "runs a script and takes over its variables", code)


def _call(function: str, target: str, rest: list[str], options: list[str], context: Context) -> str:
    inside = ", init_globals=globals()" if "-i" in options else ""
    name = '"__main__"' if "-n" not in options else '"script"'
    values = f"runpy.{function}({target}{inside}, run_name={name})"
    words = f"sys.argv[1:] = [{', '.join(python_string(word, context.names) for word in rest)}]; " if rest else ""
    modules = "import runpy, sys" if rest else "import runpy"
    return f"{modules}; {words}globals().update({{k: v for k, v in {values}.items() if not k.startswith('__')}})"


def _notebook(name: str, context: Context) -> Rewrite:
    cells = context.read_cells(name) if context.nesting < _MAX_NESTING else None
    if cells is None:
        code = f"import pathlib; pathlib.Path({name!r}).read_text(encoding='utf-8')"
        return Rewrite(
            "kept", "another notebook, which cannot be read", code, warning=f"it runs `{name}`, which cannot be read"
        )
    requirements = tuple(requirement for _, found in cells for requirement in found)
    code = "\n".join(text for text, _ in cells)
    return Rewrite("rewritten", "the cells of the other notebook are written out here", code, requirements=requirements)
