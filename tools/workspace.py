"""The one door to disk: every file of the generated repository is written, removed and committed here."""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tools.errors import ExitCode, UserError
from tools.path_patterns import folded, matched_file, matches

Guard = Callable[[str, str], None]
"""Called with a path and the text to be written there (empty where it is removed); raises UserError to refuse."""

_IDENTITY = {
    "GIT_AUTHOR_NAME": "ML Experiment Accelerator",
    "GIT_AUTHOR_EMAIL": "accelerator@localhost",
    "GIT_COMMITTER_NAME": "ML Experiment Accelerator",
    "GIT_COMMITTER_EMAIL": "accelerator@localhost",
    "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_SAFE = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "core.autocrlf=false",
)
_PROBE = ".write-test"
_LOCKS = ("index.lock", "HEAD.lock", "refs/heads/main.lock")
_SKIP = {".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "artifacts", "mlruns", "mlflow.db"}


class Workspace:
    """A generated repository on disk.

    Args:
        root: Its folder.
        guards: Asked before each write and removal.
        sensitive: Patterns of files that are never read, neither here nor where they are to be copied from.
    """

    def __init__(self, root: Path, guards: Sequence[Guard] = (), sensitive: Sequence[str] = ()) -> None:
        self.root = root.resolve()
        self._guards = tuple(guards)
        self._sensitive = tuple(sensitive)

    def create(self) -> None:
        """Make the folder and its git repository.

        Raises:
            UserError: If the folder is not empty, is a file, or cannot be written.
        """
        if self.root.exists() and not self.root.is_dir():
            raise UserError(f"{self.root} is a file: name a folder with --out")
        if self._is_used():
            raise UserError(f"{self.root} is not empty: name a new or empty folder with --out, or remove it")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / _PROBE
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UserError(
                f"{self.root} cannot be written ({error.strerror}): name another folder with --out"
            ) from error
        self._git("init", "-q", "-b", "main")

    def _is_used(self) -> bool:
        """Tell whether the folder holds anything; a repository without a commit, as early ends leave, is nothing."""
        found = [p.name for p in self.root.iterdir() if p.name != _PROBE] if self.root.is_dir() else []
        if found == [".git"]:
            git = self.root / ".git"
            return git.is_symlink() or not git.is_dir() or bool(self.head())
        return bool(found)

    def resolve(self, path: str) -> Path:
        """Return the absolute path of a file of the repository.

        Raises:
            UserError: If it would lie outside the repository, in `.git`, or behind a symbolic link.
        """
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
            raise UserError(
                f"{path!r} does not lie in the generated repository: it was not written", ExitCode.GUARDRAIL
            )
        if any(folded(part).rstrip(". ") in (".git", "git~1", ".gitmodules") for part in pure.parts):
            raise UserError(f"{path!r} belongs to git: it was not written", ExitCode.GUARDRAIL)
        target = self.root.joinpath(*pure.parts)
        if not target.parent.resolve().is_relative_to(self.root) or target.is_symlink():
            raise UserError(f"{path!r} leads out of the generated repository: it was not written", ExitCode.GUARDRAIL)
        return target

    def allow(self, path: str, text: str) -> None:
        """Raise where a text may not be written to a path; nothing is written.

        Raises:
            UserError: As for `write`.
        """
        target = self.resolve(path)
        for guard in self._guards:
            guard(target.relative_to(self.root).as_posix(), text)

    def write(self, files: Mapping[str, str]) -> None:
        """Write text files; all are checked before the first is written."""
        targets = {path: self.resolve(path) for path in sorted(files)}
        for path in targets:
            self.allow(path, files[path])
        for path, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            part = _part(target)
            part.write_text(files[path], encoding="utf-8", newline="\n")
            part.replace(target)

    def copy_in(self, copies: Mapping[str, str]) -> None:
        """Copy files of the user's into the repository: path there to absolute source path.

        Raises:
            UserError: If a source is sensitive.
        """
        for path in sorted(copies):
            target = self.resolve(path)
            source = Path(copies[path])
            pattern = self.is_sensitive(source)
            if pattern:
                raise UserError(
                    f"{source} is sensitive (`{pattern}`, guardrails.sensitive_files): it was not read",
                    ExitCode.GUARDRAIL,
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=self._ignored, symlinks=True)
            elif not (target.is_file() and _digest(target) == _digest(source)):
                part = _part(target)
                shutil.copyfile(source, part)
                part.replace(target)

    def is_sensitive(self, source: Path) -> str:
        """Return the pattern by which a file of the user's is sensitive, or an empty string."""
        return matched_file(source, source.parent, self._sensitive)

    def _ignored(self, folder: str, names: list[str]) -> set[str]:
        return {name for name in names if self.is_sensitive(Path(folder, name))}

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files; a missing one is no error."""
        targets = [self.resolve(path) for path in sorted(paths)]
        for target in targets:
            for guard in self._guards:
                guard(target.relative_to(self.root).as_posix(), "")
        for target in targets:
            target.unlink(missing_ok=True)

    def files(self) -> list[str]:
        """Return the paths of all files, sorted; caches, artefacts and `.git` left out."""
        found: list[str] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in _SKIP)
            base = Path(folder).relative_to(self.root)
            found += [(base / name).as_posix() for name in names if name not in _SKIP]
        return sorted(found)

    def texts(self, max_bytes: int = 2_000_000) -> dict[str, str]:
        """Return the text files by path; `data/` and binary, sensitive and large files are left out."""
        texts: dict[str, str] = {}
        for path in self.files():
            target = self.root / path
            if path.startswith("data/") or target.is_symlink() or target.stat().st_size > max_bytes:
                continue
            if matches(path, self._sensitive):
                continue
            try:
                texts[path] = target.read_text(encoding="utf-8")
            except (UnicodeDecodeError, OSError):
                continue
        return texts

    def copy_to(self, target: Path) -> None:
        """Copy the repository without `.git` and caches, for a check to work on."""
        for path in self.files():
            source = self.root / path
            if source.is_symlink():
                continue
            copied = target / path
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copied)

    def commit(self, message: str) -> str:
        """Commit everything as it stands and return the commit's id; the present one if nothing changed."""
        self._git("add", "-A")
        if self._git("diff", "--cached", "--quiet", check=False).returncode:
            self._git("commit", "-q", "--no-verify", "--allow-empty-message", "-m", message)
        return self.head()

    def head(self) -> str:
        """Return the id of the present commit; empty before the first."""
        done = self._git("rev-parse", "--verify", "-q", "HEAD", check=False)
        return done.stdout.strip()

    def tree(self) -> str:
        """Return the id of the present commit's content: equal content has equal ids."""
        return self._git("rev-parse", "--verify", "-q", "HEAD^{tree}", check=False).stdout.strip()

    def restore(self, commit: str) -> None:
        """Bring the files back to an earlier commit, as a new commit on top."""
        if commit and commit != self.head():
            self._git("read-tree", "-u", "--reset", commit)
            self._git("clean", "-fdq", check=False)

    def reset(self, commit: str) -> str:
        """Bring branch and files to a commit, so that work that was cut off begins from where it began.

        Args:
            commit: Of this repository; empty for the repository before its first commit.

        Returns:
            The name under which whatever else was there has been set aside (`git show NAME`); empty for nothing.
        """
        self._unlock()
        if commit == self.head() and not self._git("status", "--porcelain").stdout:
            return ""
        there = self.commit("set aside")
        if there == commit:
            return ""
        self._git("update-ref", f"refs/set-aside/{there[:12]}", there)
        if commit:
            self._git("reset", "-q", "--hard", commit)
        else:
            self._git("rm", "-rfq", "--ignore-unmatch", ".")
            self._git("update-ref", "-d", "HEAD")
        self._git("clean", "-fdq", check=False)
        return f"refs/set-aside/{there[:12]}"

    def _unlock(self, seconds: float = 2.0) -> None:
        """Remove the locks of a git process that was killed; one that is still at work ends within the time given."""
        for name in _LOCKS:
            lock = self.root / ".git" / name
            until = time.monotonic() + seconds
            while lock.exists() and time.monotonic() < until:
                time.sleep(0.05)
            lock.unlink(missing_ok=True)

    def log(self) -> list[tuple[str, str]]:
        """Return (commit, first line of the message), oldest first."""
        done = self._git("log", "--reverse", "--format=%H%x09%s", check=False)
        return [(line.split("\t", 1)[0], line.split("\t", 1)[1]) for line in done.stdout.splitlines() if "\t" in line]

    def _git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, **_IDENTITY}
        try:
            done = subprocess.run(
                ["git", *_SAFE, "-C", str(self.root), *arguments],
                capture_output=True,
                text=True,
                env=environment,
                timeout=120,
                check=False,
            )
        except FileNotFoundError as error:
            raise UserError("git is not installed: install it, the generated repository is a git repository") from error
        if check and done.returncode:
            said = "; ".join(line.strip() for line in done.stderr.splitlines() if line.strip())
            raise UserError(f"git {arguments[0]} failed in {self.root}: {said[:300]}", ExitCode.FAILED)
        return done


def _part(target: Path) -> Path:
    """Return where a file is written before it takes its place: one that a hard link shares is never written into."""
    return target.with_name(f"{target.name[:200]}.part")


def _digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    return _digest(path)
