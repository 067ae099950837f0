"""`pip install` and `conda install` lines as requirement strings."""

import re
import shlex
from collections.abc import Iterator, Sequence

from tools.notebook.rewrite import Context, Rewrite

_WITH_VALUE_WORDS = """
-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --prefix --root
--cache-dir --trusted-host --platform --python-version --only-binary --no-binary -e --editable --channel -n
--name -p --proxy --timeout --retries --log --python --progress-bar --upgrade-strategy --implementation --abi
"""
_WITH_VALUE = frozenset(_WITH_VALUE_WORDS.split())
_REQUIREMENT = re.compile(
    r"^[A-Za-z0-9][\w.-]*(\[[\w,. -]+\])?\s*((===?|~=|!=|<=|>=|<|>)\s*[\w.*+!-]+\s*,?\s*)*(;.*)?$"
)


def install(arguments: Sequence[str], context: Context, conda: bool = False) -> Rewrite:
    """Turn the words after `pip` or `conda` into requirements.

    Args:
        arguments: Such as `["install", "-q", "pandas==2.2"]`.
        context: Of the notebook.
        conda: `conda install` (`numpy=1.26` means `numpy==1.26`, `-c` names a channel).

    Returns:
        A `requirement`, or a dropped line where nothing is installed (`pip list`).
    """
    if "install" not in arguments:
        return Rewrite("dropped", "package management that installs nothing")
    found: list[str] = []
    odd: list[str] = []
    for kind, word in _targets(list(arguments[arguments.index("install") + 1 :])):
        if kind == "file":
            found.extend(_file_requirements(word, context))
        elif kind == "word" and word not in ("pip", "setuptools", "wheel", "python"):
            name = re.sub(r"^([\w.-]+)=(?=[\w.*])", r"\1==", word.rsplit("::", 1)[-1]) if conda else word
            (found if _REQUIREMENT.match(name) else odd).append(name)
    warning = f"it installs {', '.join(f'`{word}`' for word in odd)}, which is no package of an index" if odd else ""
    return Rewrite("requirement", "an install: becomes a requirement", requirements=tuple(found), warning=warning)


def split_words(text: str) -> list[str]:
    """Split a command line as a shell does; where quotes do not match, at spaces."""
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def _targets(words: list[str]) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if re.match(r"^\d?(>>?|<)", word):
            position += word in (">", ">>", "1>", "2>", "&>", "<")
        elif word.startswith("&>"):
            continue
        elif word.startswith("-"):
            if word in ("-r", "--requirement") and position < len(words):
                yield "file", words[position]
            elif word.startswith(("-r", "--requirement=")) and "=" in word:
                yield "file", word.split("=", 1)[1]
            position += word in _WITH_VALUE
        elif word != "\\":
            yield "word", word


def _file_requirements(name: str, context: Context) -> Iterator[str]:
    for line in (context.read_text(name) or "").splitlines():
        text = line.split(" #")[0].strip()
        if text and not text.startswith("#") and _REQUIREMENT.match(text):
            yield text
