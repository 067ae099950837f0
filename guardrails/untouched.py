"""The user's files stay what they were: sealed by digest, compared, and brought back where they differ."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.errors import ExitCode, UserError
from tools.frozen import Frozen
from tools.path_patterns import files_below
from tools.workspace import sha256

MAX_FILES = 5_000
COPIED_BYTES = 50_000_000
ALL_BYTES = 500_000_000


class SealedFile(Frozen):
    """One file as it was.

    Attributes:
        digest: sha256 of its bytes.
        state: Size, inode and times; as long as these are the same, so are the bytes.
        copied: A copy of it is kept.
    """

    digest: str
    state: tuple[int, ...]
    copied: bool = False


class Seal(Frozen):
    """Files by absolute path."""

    files: dict[str, SealedFile] = {}


def sealed(paths: Iterable[Path], store: Path, known: Seal | None = None) -> Seal:
    """Return a seal over files; those that are sealed already keep their first one.

    Args:
        paths: Of files; missing ones are left out.
        store: Folder that takes a copy of each, as far as they are not large.
        known: What is sealed already.
    """
    files = dict(known.files) if known else {}
    room = ALL_BYTES - sum(path.stat().st_size for path in store.glob("*")) if store.is_dir() else ALL_BYTES
    for path in sorted({path.resolve() for path in paths})[:MAX_FILES]:
        if str(path) in files or not path.is_file():
            continue
        digest, size = sha256(path), path.stat().st_size
        copied = size <= min(COPIED_BYTES, room)
        if copied and not (store / digest).exists():
            store.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(path, store / digest)
            room -= size
        files[str(path)] = SealedFile(digest=digest, state=_state(path), copied=copied)
    return Seal(files=files)


def protected_files(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    """Return the files below a folder that a pattern protects, sorted; a folder that matches stands for all in it."""
    found: set[Path] = set()
    for path in files_below(root, patterns) if patterns else ():
        inside = (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else iter((path,))
        for number, file in enumerate(inside):
            if number >= MAX_FILES:
                break
            found.add(file.resolve())
    return sorted(found)


def hold(seal: Seal, store: Path) -> None:
    """Compare the sealed files with what they were, and bring back those that differ.

    Raises:
        UserError: If one differed, with what became of it.
    """
    harmed = [path for path, file in sorted(seal.files.items()) if _differs(Path(path), file)]
    if harmed:
        raise UserError(
            "\n".join(_restored(Path(path), seal.files[path], store) for path in harmed), ExitCode.GUARDRAIL
        )


def _restored(path: Path, file: SealedFile, store: Path) -> str:
    """Bring one file back, keep what stood there, and say so."""
    what = "was changed" if path.exists() else "was deleted"
    said = f"{path} {what} during the run: nothing more is done"
    copy = store / file.digest
    if not file.copied or not copy.is_file() or sha256(copy) != file.digest:
        return f"{said}; no copy was kept of a file of this size, so bring it back from your own"
    if path.is_dir():
        return f"{said}; the original is {copy}"
    try:
        if path.exists() or path.is_symlink():
            aside = store / f"{path.name}.changed"
            path.replace(aside) if _same_disk(path, store) else shutil.move(path, aside)
            said += f"; what stood there is {aside}"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, path)
    except OSError as error:
        return f"{said}; the original could not be brought back ({error.strerror}): it is {copy}"
    return f"{said}; the original was brought back"


def _differs(path: Path, file: SealedFile) -> bool:
    try:
        return path.is_symlink() or (_state(path) != file.state and sha256(path) != file.digest)
    except OSError:
        return True


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return (found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def _same_disk(one: Path, other: Path) -> bool:
    return one.lstat().st_dev == other.stat().st_dev
