"""Which paths may not be written, and which not even be read."""

import fnmatch
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tools.errors import ExitCode, UserError
from tools.workspace import Guard


def matches(path: str, patterns: Sequence[str]) -> str:
    """Return the first pattern that a path matches, or an empty string.

    Compared without regard to case and Unicode look-alikes (NFKC), by the whole path, by each of its tails
    (`data/**` also holds below a folder) and by the file's name alone.

    Args:
        path: Relative or absolute; `..` and symbolic links must be resolved before.
        patterns: Globs; `**` stands for any number of folders.
    """
    parts = PurePosixPath(_folded(path)).parts
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    for pattern in patterns:
        wanted = _folded(pattern).removeprefix("./")
        if any(_glob(tail, wanted) for tail in tails):
            return pattern
    return ""


def refuse_protected(patterns: Sequence[str]) -> Guard:
    """Return a guard of the workspace that refuses to write protected files."""

    def guard(path: str, text: str) -> None:
        pattern = matches(path, patterns)
        if pattern:
            raise UserError(
                f"{path} is protected by `{pattern}` (guardrails.protected_files): it was not written",
                ExitCode.GUARDRAIL,
            )

    return guard


def protected_below(folder: Path, patterns: Sequence[str], most: int = 5_000) -> list[Path]:
    """Return the files below a folder that a pattern protects, sorted, symbolic links resolved.

    Args:
        folder: Where to look; hidden folders and virtual environments are left out.
        patterns: Globs.
        most: Bound of the number of files looked at.
    """
    found: set[Path] = set()
    seen = 0
    stack = [folder]
    while stack and seen < most:
        for path in sorted(stack.pop().iterdir()):
            seen += 1
            if path.is_dir() and not path.is_symlink():
                if not path.name.startswith(".") and not (path / "pyvenv.cfg").exists():
                    stack.append(path)
            elif path.is_file() and matches(path.relative_to(folder).as_posix(), patterns):
                found.add(path.resolve())
    return sorted(found)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\\", "/").casefold()


def _glob(path: str, pattern: str) -> bool:
    if pattern.endswith("/**"):
        base = pattern.removesuffix("/**")
        return fnmatch.fnmatchcase(path, base) or fnmatch.fnmatchcase(path, base + "/*")
    return fnmatch.fnmatchcase(path, pattern)
