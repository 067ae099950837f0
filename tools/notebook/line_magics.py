"""Line magics: `LINE_MAGICS` maps the name behind `%` to what becomes of the line."""

import re

from tools.notebook.installs import install, split_words
from tools.notebook.interpolation import python_string
from tools.notebook.rewrite import Context, Handler, Rewrite, assigned, unavailable
from tools.notebook.run_magic import run
from tools.notebook.shell import shell

_DISPLAY = """
matplotlib config load_ext reload_ext unload_ext autoreload precision pprint colors xmode autosave autoawait
automagic alias alias_magic unalias gui doctest_mode qtconsole connect_info lsmagic magic quickref page pinfo
pinfo2 pdoc pdef psource pfile psearch pycat who whos who_ls history hist logstart logstop logon logoff
logstate notebook save pastebin edit tb debug pdb profile rehashx recall rep rerun macro load loadpy
killbgscripts tensorboard tensorflow_version watermark version_information dhist dirs bookmark ls ll lf lk lx
ldir pwd cat less more man clear cls nbagg ipytest inject lab_black nb_black reset_selective subplots
code_wrap popd pushd mprun lprun memit mamba_info flake8_on pycodestyle_on
"""


def dropped(detail: str) -> Handler:
    """Return a handler that leaves the line out for a reason."""
    return lambda arguments, context: Rewrite("dropped", detail, _none(context))


def _none(context: Context) -> str:
    return f"{context.target} = None" if context.target else ""


def _statement(arguments: str, context: Context) -> Rewrite:
    """`%time f()`: measure one run of a statement."""
    code = re.sub(r"^(?:-(?:[a-z]{1,2}\b|-[\w-]+)\s+)+", "", arguments).strip()
    if not code:
        return Rewrite("dropped", "timing only")
    return Rewrite("rewritten", "timing only: the statement itself is kept", assigned(context, code), again=True)


def _profile(arguments: str, context: Context) -> Rewrite:
    """`%prun -l 10 f()`: profile one run of a statement."""
    code = re.sub(r"^(?:-[lsTD]\s+\S+\s+|-[rq]\s+)+", "", arguments).strip()
    if not code:
        return Rewrite("dropped", "profiling only")
    return Rewrite("rewritten", "profiling only: the statement itself is kept", code, again=True)


def _repeat(arguments: str, context: Context) -> Rewrite:
    warning = f"`{context.target}` holds a timing of `%timeit`; it is None here" if context.target else ""
    return Rewrite("dropped", "repeated timing: binds nothing", _none(context), warning=warning)


def _change_folder(arguments: str, context: Context) -> Rewrite:
    folder = re.sub(r"^-q\s+", "", arguments.strip()).strip("'\"")
    if folder.startswith("-"):
        return Rewrite(
            "dropped", "a jump in the folder history", warning="`%cd -` was left out: name the folder instead"
        )
    text = python_string(folder or "~", context.names)
    if folder == "" or folder.startswith("~"):
        text = f"os.path.expanduser({text})"
    return Rewrite("kept", "changes the working directory", f"import os; os.chdir({text})")


def _environment(arguments: str, context: Context) -> Rewrite:
    found = re.match(r"^([A-Za-z_]\w*)\s*(?:=|\s)\s*(.*)$", arguments.strip())
    if found:
        value = python_string(found[2].strip(), context.names)
        return Rewrite("kept", "sets an environment variable", f"import os; os.environ[{found[1]!r}] = {value}")
    name = arguments.strip()
    if context.target:
        expression = f"os.environ[{name!r}]" if name else "dict(os.environ)"
        return Rewrite("kept", "reads the environment", f"import os; {assigned(context, expression)}")
    return Rewrite("dropped", "shows the environment")


def _store(arguments: str, context: Context) -> Rewrite:
    restores = "-r" in arguments.split()
    warning = (
        "`%store -r` takes variables from another notebook's session: run or merge that notebook first"
        if restores
        else ""
    )
    return Rewrite("dropped", "variables kept between sessions of IPython", warning=warning)


def _pylab(arguments: str, context: Context) -> Rewrite:
    code = (
        "import numpy; import matplotlib; from matplotlib import pylab, mlab, pyplot; np = numpy; plt = pyplot; "
        "from IPython.core.pylabtools import figsize, getfigs"
    )
    if "--no-import-all" not in arguments:
        code = f"{code}; from matplotlib.pylab import *; from numpy import *"
    return Rewrite(
        "rewritten",
        "the imports that it makes are written out",
        code.replace("from IPython.core.pylabtools import figsize, getfigs; ", ""),
    )


def _delete(arguments: str, context: Context) -> Rewrite:
    name = re.sub(r"^-n\s+", "", arguments.strip())
    return Rewrite("rewritten", "deletes a variable", f"del {name}" if name.isidentifier() else "")


def _import(arguments: str, context: Context) -> Rewrite:
    modules = [word for word in re.split(r"[\s,]+", arguments.strip()) if word and not word.startswith("-")]
    code = f"import {', '.join(modules)}" if modules else ""
    return Rewrite("rewritten" if code else "dropped", "automatic reloading: the import is kept", code)


def _working_directory(arguments: str, context: Context) -> Rewrite:
    if context.target:
        return Rewrite("kept", "reads the working directory", f"import os; {assigned(context, 'os.getcwd()')}")
    return Rewrite("dropped", "shows the working directory")


def _reset(arguments: str, context: Context) -> Rewrite:
    return Rewrite("dropped", "clears the session: nothing to clear in a run from the top")


def _command(name: str) -> Handler:
    return lambda arguments, context: shell(f"{name} {arguments}".strip(), context)


LINE_MAGICS: dict[str, Handler] = {
    **{name: dropped("display and session settings only") for name in _DISPLAY.split()},
    "time": _statement,
    "prun": _profile,
    "timeit": _repeat,
    "cd": _change_folder,
    "env": _environment,
    "set_env": _environment,
    "store": _store,
    "pylab": _pylab,
    "xdel": _delete,
    "aimport": _import,
    "pwd": _working_directory,
    "reset": _reset,
    "run": run,
    "pip": lambda arguments, context: install(split_words(arguments), context),
    "uv": lambda arguments, context: install(split_words(arguments), context),
    "conda": lambda arguments, context: install(split_words(arguments), context, conda=True),
    "mamba": lambda arguments, context: install(split_words(arguments), context, conda=True),
    "micromamba": lambda arguments, context: install(split_words(arguments), context, conda=True),
    "system": lambda arguments, context: shell(arguments, context),
    "sx": lambda arguments, context: shell(arguments, context),
    "sc": lambda arguments, context: shell(arguments, context),
    **{name: _command(name) for name in ("mkdir", "rmdir", "rm", "mv", "cp")},
}


def line_magic(name: str, arguments: str, context: Context) -> Rewrite:
    """Decide on `%name arguments`; an unknown magic is dropped with a warning."""
    if name in ("ls", "cat") and context.target:
        return shell(f"{name} {arguments}", context)
    handler = LINE_MAGICS.get(name)
    if handler is not None:
        return handler(arguments, context)
    code = unavailable(context, f"%{name}")
    return Rewrite("dropped", "an unknown magic", code, warning=f"the magic `%{name}` is unknown and was left out")
