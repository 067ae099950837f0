"""Takes keys and tokens out of a notebook's code before anything else sees it: they become environment variables."""

import ast
import io
import re
import tokenize
from collections.abc import Sequence
from typing import NamedTuple

from tools.numbering import numbered
from tools.secrets import MASK, Secret, find_secrets

_ASSIGNED = re.compile(r"(\w+)\s*(?::[^=\n]+)?=\s*\(?\s*$")
_KEYED = re.compile(r"""["'](\w+)["']\s*\]?\s*[:=]\s*\(?\s*$""")
_IMPORTED = re.compile(r"^\s*import os\b", re.MULTILINE)


class Taken(NamedTuple):
    """A secret that was taken out.

    Attributes:
        name: The environment variable that now holds it.
        kind: What it is: `openai key`.
        cell: Number of the code cell, from 1.
        value: The secret itself: never written anywhere, only passed to runs.
    """

    name: str
    kind: str
    cell: int
    value: str


class _String(NamedTuple):
    start: int
    end: int
    text: str


def taken_out(sources: Sequence[str]) -> tuple[list[str], list[Taken]]:
    """Return the sources of the code cells without secrets, and what was taken out.

    A string that holds one becomes `os.environ["NAME"]`; where that is not possible (a comment, a shell line, joined
    strings) the secret becomes a mask.

    Args:
        sources: In the order of the cells.
    """
    changed: list[str] = []
    taken: list[Taken] = []
    for cell, source in enumerate(sources, start=1):
        secrets = find_secrets(source)
        text = _without(source, secrets, cell, taken) if secrets else source
        if 'os.environ["' in text and text != source and not any(map(_IMPORTED.search, (*changed, source))):
            text = f"import os\n{text}"
        changed.append(text)
    return changed, taken


def _without(source: str, secrets: Sequence[Secret], cell: int, taken: list[Taken]) -> str:
    strings = [] if source.lstrip().startswith("%%") else _strings(source)
    known = list(taken)
    text = source
    done: set[int] = set()
    for secret in reversed(secrets):
        holder = next((s for s in strings if s.start <= secret.start and secret.end <= s.end), None)
        if holder is not None and holder.start in done:
            continue
        edit = _edit(source, holder, secret, cell, known) if holder else None
        if edit is None:
            text = text[: secret.start] + MASK + text[secret.end :]
            continue
        start, end, replacement = edit
        text = text[:start] + replacement + text[end:]
        done.add(start)
    if _parses(source) and not _parses(text):
        for secret in reversed(secrets):
            source = source[: secret.start] + MASK + source[secret.end :]
        return source
    taken[:] = known
    return text


def _edit(source: str, holder: _String, secret: Secret, cell: int, taken: list[Taken]) -> tuple[int, int, str] | None:
    prefix = re.match(r"[A-Za-z]*", holder.text)
    kind = prefix[0].lower() if prefix else ""
    before = source[: holder.start].rsplit("\n", 1)[-1]
    if "f" in kind:
        quote = "'" if holder.text[len(kind)] == '"' else '"'
        name = _named(before, source[secret.start : secret.end], secret, cell, taken)
        return secret.start, secret.end, f"{{os.environ[{quote}{name}{quote}]}}"
    try:
        value = ast.literal_eval(holder.text)
    except (ValueError, SyntaxError):
        return None
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    name = _named(before, text, secret, cell, taken)
    replacement = f'os.environ["{name}"]' + (".encode()" if isinstance(value, bytes) else "")
    return holder.start, holder.end, replacement


def _named(before: str, value: str, secret: Secret, cell: int, taken: list[Taken]) -> str:
    """Return the variable for a value: after the name that it is assigned to, else after its kind."""
    same = next((found.name for found in taken if found.value == value), "")
    if same:
        return same
    found = _KEYED.search(before) or _ASSIGNED.search(before)
    wanted = re.sub(r"\W+", "_", found[1] if found else secret.kind).strip("_").upper() or "SECRET"
    wanted = f"SECRET_{wanted}" if wanted[0].isdigit() or wanted in ("PATH", "HOME") else wanted
    names = {known.name for known in taken}
    name = numbered(wanted, names.__contains__)
    taken.append(Taken(name, secret.kind, cell, value))
    return name


def _strings(source: str) -> list[_String]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[_String] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.STRING:
                first = starts[token.start[0] - 1] + token.start[1]
                found.append(_String(first, starts[token.end[0] - 1] + token.end[1], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
