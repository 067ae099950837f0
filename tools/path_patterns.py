"""Globs over paths that no spelling gets around: case, Unicode look-alikes, `./`, and symbolic links resolved."""

import os
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝѵɡıοανρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТХІЈЅ∕⁄․",
    "aeopcyxijsdhqwvgioavptuikabezhikmnoptyxabekmhopctxijs//.",
)
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", ".git"})


def folded(text: str) -> str:
    """Return a text in the form in which paths are compared: one case, one form of each letter, `/` only.

    Letters of other alphabets that look like Latin ones become these, invisible characters go.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return plain.replace("\\", "/").casefold()


def matches(path: str, patterns: Sequence[str]) -> str:
    """Return the first pattern that a path matches, or an empty string.

    As in `.gitignore`: a pattern without a slash holds at any depth, one with a slash from the root (`data/**` is about
    `data/x`, not about `src/data/x`), and one that names a folder holds for all in it. `*` stays within one name, `**`
    stands for any number of folders; a pattern with a leading `/` is absolute.

    Args:
        path: Relative to the folder that the patterns are about, or absolute; `..` and symbolic links must be resolved.
            Of an absolute one the root is not known: a pattern with a slash holds there at any depth.
        patterns: Globs.
    """
    parts = PurePosixPath(folded(path)).parts
    absolute = parts[:1] == ("/",)
    names = parts[1:] if absolute else parts
    ends = (len(names),) if absolute else range(len(names), 0, -1)
    tails = [(start, "/".join(names[start:end])) for end in ends for start in range(end)]
    for pattern in patterns:
        wanted = folded(pattern).removeprefix("./").rstrip("/")
        if wanted.startswith("/"):
            if absolute and _glob(wanted[1:]).fullmatch("/".join(names)):
                return pattern
            continue
        anywhere = absolute or "/" not in wanted
        if any(_glob(wanted).fullmatch(tail) for start, tail in tails if anywhere or not start):
            return pattern
    return ""


def matched_file(path: Path, root: Path, patterns: Sequence[str]) -> str:
    """Return the first pattern that a file matches, by the name it is called by or by where it really lies.

    Args:
        path: Of the file; symbolic links and `..` are followed.
        root: Folder that relative patterns are about.
        patterns: Globs.
    """
    called = Path(os.path.normpath(path.absolute()))
    for place in dict.fromkeys((called, path.resolve())):
        bases = [base for base in (root.absolute(), root.resolve()) if place.is_relative_to(base)]
        names = [place.relative_to(base).as_posix() for base in bases]
        for name in (*names, place.as_posix()):
            found = matches(name, patterns)
            if found:
                return found
    return ""


def files_below(folder: Path, patterns: Sequence[str], most: int = 20_000) -> list[Path]:
    """Return what below a folder matches a pattern, sorted: files, and folders that match as a whole.

    Args:
        folder: Where to look, nearest first; environments, caches and the insides of `.git` are left out.
        patterns: Globs.
        most: Bound of the number of entries looked at.
    """
    found: set[Path] = set()
    seen = 0
    level = [folder.resolve()]
    while level and seen < most:
        below: list[Path] = []
        for place in level:
            try:
                entries = sorted(os.scandir(place), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                seen += 1
                path = Path(entry.path)
                relative = path.relative_to(folder.resolve()).as_posix()
                aim = path.resolve() if entry.is_symlink() else path
                if matches(relative, patterns) or (aim != path and matches(aim.as_posix(), patterns)):
                    found.add(aim)
                elif entry.is_dir(follow_symlinks=False) and _is_looked_into(path):
                    below.append(path)
        level = below
    return sorted(found)


def _is_looked_into(folder: Path) -> bool:
    return folder.name not in _SKIPPED and not (folder / "pyvenv.cfg").exists()


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    """Return a glob as a regular expression."""
    text = ""
    for token in re.split(r"(/\*\*$|\*\*/|\*\*|\*|\?|\[[^]]+\])", pattern):
        if token == "/**":
            text += "(?:/.*)?"
        elif token == "**/":
            text += "(?:.*/)?"
        elif token == "**":
            text += ".*"
        elif token == "*":
            text += "[^/]*"
        elif token == "?":
            text += "[^/]"
        elif token.startswith("[") and token.endswith("]"):
            inner = token[1:-1].replace("\\", "\\\\")
            text += f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
        else:
            text += re.escape(token)
    return re.compile(text, re.DOTALL)
