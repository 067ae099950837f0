"""Shell lines: which only show something, which install, which fetch, and which have an effect to keep."""

import re

from tools.notebook.installs import install, split_words
from tools.notebook.interpolation import python_string
from tools.notebook.rewrite import Action, Context, Rewrite, assigned

_SHOWS_WORDS = """
ls ll dir pwd cat head tail less more wc nvidia-smi nvcc which whereis type du df free lscpu lsb_release uname
date whoami hostname id tree file stat env printenv locale uptime top htop ps echo printf sleep clear history
man cd export set source alias lspci vmstat true false exit grep egrep sort uniq cut tr column nl md5sum
sha256sum test cal zcat xxd
"""
_SHOWS = frozenset(_SHOWS_WORDS.split())
_SHOWS_IF = {
    "git": re.compile(r"^(status|log|diff|show|branch|rev-parse|--version|remote -v|ls-files)\b"),
    "conda": re.compile(r"^(list|info|env list|--version|search)\b"),
    "kaggle": re.compile(r"^(competitions|datasets|c|d|kernels) (list|files|leaderboard)\b|^--version"),
    "find": re.compile(r"^(?!.*-(delete|exec|execdir|ok|fprint)\b)"),
    "sed": re.compile(r"^(?!.*(-i|--in-place))"),
    "awk": re.compile(r"^(?!.*>)"),
    "jupyter": re.compile(r"^(--version|kernelspec list|labextension list|nbextension list)"),
}
_SYSTEM_WORDS = """
apt apt-get aptitude brew yum dnf apk snap choco npm yarn
"""
_SYSTEM = frozenset(_SYSTEM_WORDS.split())
_FETCHES = re.compile(
    r"^(wget|curl|gdown|aria2c|axel|kaggle (competitions|datasets|c|d|kernels) (download|output)|git (clone|lfs|pull)"
    r"|aws s3|s3cmd|gsutil|gcloud storage|rclone|scp|rsync|azcopy|dvc (pull|get|fetch)|huggingface-cli download"
    r"|python3? -m (wget|gdown|spacy download|nltk\.downloader))\b"
)
_WEIGHT: tuple[Action, ...] = ("kept", "rewritten", "download", "requirement", "dropped")
_SHELL_STATE = re.compile(r"^(cd|export|source|\.|set|pushd|popd|alias)\b|^\w+=")
_SEPARATOR = re.compile(r"\s*(&&|\|\||;)\s*")
_PIP = re.compile(
    r"^(?:sudo (?:-H )?)?(?:(?:\{sys\.executable\}|\$sys\.executable|\S*python[\d.]*) -m )?(?:uv )?(pip[\d.]*)\s+(.*)$",
    re.S,
)
_CONDA = re.compile(r"^(?:sudo )?(conda|mamba|micromamba)\s+(.*)$", re.S)


def shell(command: str, context: Context) -> Rewrite:
    """Decide on one shell line (without its `!`).

    Args:
        command: As written, continuation lines joined.
        context: With the target, where the notebook keeps the output.

    Returns:
        What becomes of it; code that has an effect or a target runs the command by `subprocess`.
    """
    command = command.strip()
    if context.target:
        text = python_string(command, context.names)
        code = f"import subprocess; {assigned(context, f'subprocess.getoutput({text}).splitlines()')}"
        return Rewrite("kept", "its output lines are read by subprocess", code)
    pieces = _split(command)
    parts = [_part(piece, context) for piece in pieces[::2]]
    requirements = tuple(requirement for part in parts for requirement in part.requirements)
    warning = "; ".join(part.warning for part in parts if part.warning)
    chosen = min(parts, key=lambda part: _WEIGHT.index(part.action))
    effects = [part for part in parts if part.code]
    code = effects[0].code if effects else ""
    if len(effects) > 1 or (effects and any(_SHELL_STATE.match(piece) for piece in pieces[::2])):
        code = _subprocess(_without_installs(pieces, parts), context)
    return Rewrite(chosen.action, chosen.detail, code, requirements=requirements, warning=warning)


def _split(command: str) -> list[str]:
    """Return commands and, between them, what joins them; a line whose quotes hold a separator stays whole."""
    if re.search(r"""(['"])(?:(?!\1).)*(?:&&|;|\|\|)(?:(?!\1).)*\1""", command):
        return [command]
    pieces = _SEPARATOR.split(command)
    while len(pieces) > 1 and not pieces[-1]:
        del pieces[-2:]
    return pieces


def _without_installs(pieces: list[str], parts: list[Rewrite]) -> str:
    text = ""
    for number, part in enumerate(parts):
        if part.action != "requirement":
            joint = f" {pieces[2 * number - 1]} " if text else ""
            text += joint + pieces[2 * number]
    return text


def _part(command: str, context: Context) -> Rewrite:
    """Decide on one command of a line, pipes included."""
    if pip := _PIP.match(command):
        return install(split_words(pip[2]), context)
    if (conda := _CONDA.match(command)) and "install" in conda[2].split():
        return install(split_words(conda[2]), context, conda=True)
    words = split_words(re.sub(r"^(sudo|time|nohup|yes \|)\s+", "", command))
    program = words[0] if words else ""
    if program in _SYSTEM:
        return Rewrite(
            "dropped",
            "a system package",
            warning=f"it installs a system package by `{program}`: have it on the machine",
        )
    if _FETCHES.match(" ".join(words)) and not re.search(r"\|\s*(sh|bash|tar)\b", command):
        return Rewrite("download", "fetches a file: have it beside the notebook")
    if program in ("unzip", "tar") and (code := _unpack(program, words, command)):
        return Rewrite("download", "unpacks a downloaded archive, where it is there", code)
    if program == "mkdir" and not set("{}$*|>&") & set(command):
        folders = [word for word in words[1:] if not word.startswith("-")]
        if len(folders) == 1:
            return Rewrite("kept", "makes a folder", f"import os; os.makedirs({folders[0]!r}, exist_ok=True)")
    if _only_shows(command):
        return Rewrite("dropped", "shows something only, or has no effect outside its own shell")
    return Rewrite("kept", "a command that may have an effect", _subprocess(command, context))


def _only_shows(command: str) -> bool:
    bare = re.sub(r"\d?>{1,2}\s*(/dev/null|&\d)", "", command)
    if ">" in bare or "`" in bare or "$(" in bare:
        return False
    return all(_stage_shows(stage.strip()) for stage in bare.split("|") if stage.strip())


def _stage_shows(stage: str) -> bool:
    program, _, rest = stage.partition(" ")
    program = program.rsplit("/", 1)[-1]
    if program in _SHOWS:
        return True
    if re.fullmatch(r"(--?version|-V|--?help|-h)", rest.strip()):
        return True
    return program in _SHOWS_IF and bool(_SHOWS_IF[program].match(rest.strip()))


def _subprocess(command: str, context: Context) -> str:
    return f"import subprocess; subprocess.run({python_string(command, context.names)}, shell=True, check=False)"


def _unpack(program: str, words: list[str], command: str) -> str:
    """Return Python that unpacks an archive where it exists; empty where the line says more than that."""
    if set("{}$*|>&`") & set(re.sub(r"\d?>\s*(/dev/null|&\d)", "", command)):
        return ""
    folder = "."
    rest = [word for word in words[1:] if not word.startswith(">") and word not in ("/dev/null",)]
    option = "-d" if program == "unzip" else "-C"
    if option in rest and rest.index(option) + 1 < len(rest):
        position = rest.index(option)
        folder = rest[position + 1]
        del rest[position : position + 2]
    if program == "tar":
        flags = next((word for word in rest if re.fullmatch(r"-?[a-z]*x[a-z]*f?", word)), "")
        rest = [word for word in rest if word != flags]
        if not flags:
            return ""
    archives = [word for word in rest if not word.startswith("-")]
    if len(archives) != 1 or any(word.startswith("-l") for word in rest):
        return ""
    name = archives[0]
    known = re.search(r"\.(zip|tar|tar\.gz|tgz|tar\.bz2|tbz2|tar\.xz|txz)$", name)
    kind = "" if known else f", {'zip' if program == 'unzip' else 'tar'!r}"
    if not known and program == "unzip" and "." not in name.rsplit("/", 1)[-1]:
        name += ".zip"
        kind = ""
    return (
        f"import pathlib, shutil; pathlib.Path({name!r}).exists() and shutil.unpack_archive({name!r}, {folder!r}{kind})"
    )
