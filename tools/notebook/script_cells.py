"""Cells in a shell or another interpreter: `%%bash`, `%%python3`, `%%script`."""

import re
from collections.abc import Callable

from tools.notebook.installs import split_words
from tools.notebook.rewrite import Action, Context, Rewrite
from tools.notebook.shell import shell

_SHELLS = ("bash", "sh", "zsh")
_NEVER_RUN = ("false", "echo", "true", "skip", "noop")
_WEIGHT: tuple[Action, ...] = ("download", "requirement")


def script(program: str) -> Callable[[str, str, Context], Rewrite]:
    """Return the handler of a cell that a program runs.

    Args:
        program: Such as `bash`; empty where the magic's arguments name it.
    """

    def handle(arguments: str, body: str, context: Context) -> Rewrite:
        options, captured = _options(arguments)
        command = [program, *options] if program else options
        if not command or command[0] in _NEVER_RUN:
            return Rewrite("dropped", "a cell that is not run")
        if command[0] in _SHELLS:
            return _shell_cell(command, body, captured, context)
        return Rewrite("kept", f"a script for `{command[0]}`", _call(command, body, captured))

    return handle


def literal_text(body: str) -> str:
    """Return a string literal for the lines of a cell, one source line a line where that is possible."""
    text = body if body.endswith("\n") or not body else f"{body}\n"
    if '"""' in text or text.endswith("\\\n") or "\r" in text or "\x00" in text or not text.strip():
        return repr(text)
    if "\\" not in text:
        return f'"""\\\n{text}"""'
    return f'r"""{text}"""' if not text.startswith("\n") else repr(text)


def _options(arguments: str) -> tuple[list[str], str]:
    """Return the words for the program and the name that takes its output."""
    words, captured = [], ""
    given = iter(split_words(arguments))
    for word in given:
        if word in ("--out", "--err", "--proc"):
            name = next(given, "")
            captured = name if word == "--out" else captured
        elif word not in ("--no-raise-error", "--bg", "--raise-error"):
            words.append(word)
    return words, captured


def _shell_cell(command: list[str], body: str, captured: str, context: Context) -> Rewrite:
    """Keep the lines that have an effect; installs and downloads are taken out, a cell without effects goes."""
    lines = body.split("\n")
    found: list[Rewrite] = []
    kept: list[str] = []
    continued = False
    for line in lines:
        whole = not continued and not line.endswith("\\")
        said = shell(line, context) if line.strip() and not line.strip().startswith("#") and not continued else None
        if said is not None:
            found.append(said)
        taken_out = said is not None and whole and not said.code and said.action in ("requirement", "download")
        kept.append(":" if taken_out and line[:1] not in (" ", "\t") else line)
        continued = line.endswith("\\")
    requirements = tuple(requirement for part in found for requirement in part.requirements)
    warning = "; ".join(part.warning for part in found if part.warning)
    if captured or any(part.code for part in found):
        code = _call(command, "\n".join(kept), captured)
        return Rewrite("kept", f"a script for `{command[0]}`", code, requirements=requirements, warning=warning)
    actions = {part.action for part in found}
    action: Action = next((action for action in _WEIGHT if action in actions), "dropped")
    return Rewrite(action, "shell lines without an effect to keep", requirements=requirements, warning=warning)


def _call(command: list[str], body: str, captured: str) -> str:
    first = "sys.executable" if re.fullmatch(r"python[\d.]*", command[0]) else repr(command[0])
    modules = "import subprocess, sys" if first == "sys.executable" else "import subprocess"
    argv = ", ".join([first, *(repr(word) for word in command[1:])])
    if captured:
        call = f"{captured} = subprocess.run([{argv}], input={literal_text(body)}, text=True, check=True, "
        return f"{modules}; {call}stdout=subprocess.PIPE).stdout"
    return f"{modules}; subprocess.run([{argv}], input={literal_text(body)}, text=True, check=True)"
