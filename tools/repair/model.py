"""What a repair of drift is: a named rewriting of code that the libraries of today no longer run, and its evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Failure:
    """A traced error.

    Attributes:
        text: `AttributeError: module 'numpy' has no attribute 'int'.`, and below it the tail of the traceback.
        statement: Id of the statement that holds the failing line: where a function failed, the one that defines it.
        line: Of the failing line within its code, from 1; 0 where unknown.
        top: Id of the statement that was running.
    """

    text: str
    statement: str
    line: int
    top: str

    def headline(self) -> str:
        """Return kind and message, without the traceback."""
        return self.text.partition("\n")[0]


@dataclass(frozen=True)
class Scope:
    """What is known around one statement.

    Attributes:
        imports: Qualified name by name that an import of the notebook binds (`np`: `numpy`).
        types: Names of the classes that each variable was seen to have, by variable.
        calls: Name of the class whose method is called, by the method as written (`df.append`), for this statement.
        versions: Installed version by distribution; `python` among them.
        failure: The traced error that is to be repaired; None where nothing was run.
        line: The failing line, where it lies in this statement; else 0.
        names: All names that the notebook binds or reads.
    """

    imports: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    line: int = 0
    names: frozenset[str] = frozenset()

    @property
    def error(self) -> str:
        """The text of the traced error; empty where there is none."""
        return self.failure.text if self.failure else ""


Change = Callable[[str, Scope], str]


@dataclass(frozen=True)
class Codemod:
    """One repair.

    Attributes:
        code: Its name, in kebab case, the library first.
        library: Distribution that broke it (`python` for the language).
        since: Release of the library that did.
        reason: One sentence: what is gone, and what stands in its place.
        mentions: A statement in which none of these words occurs is not looked at.
        change: From the code of a statement to its new code, which is the same where there is nothing to repair; it may
            be several statements, the last of which stands for the old one.
        errors: Patterns; a traced error of which one is found in the text calls for this repair.
        certain: What it replaces cannot work from release `since` on, whatever the values are: where one statement has
            been seen to fail, the others with it are repaired too, and without a run the version alone is evidence.
        cause: The repaired statement need not be the one that fails: the error comes later than its cause.
        silent: What it repairs raises nothing: it is told as a finding where no error calls for the repair.
        unit: `cell`: it rewrites cells that do not parse, and is given their text.
    """

    code: str
    library: str
    since: str
    reason: str
    mentions: tuple[str, ...]
    change: Change
    errors: tuple[str, ...] = ()
    certain: bool = False
    cause: bool = False
    silent: bool = False
    unit: Literal["statement", "cell"] = "statement"

    def release(self) -> str:
        """Return the release that broke it, for people."""
        return f"{'Python' if self.library == 'python' else self.library} {self.since}"

    def is_due(self, versions: Mapping[str, str]) -> bool:
        """Tell whether the installed library is one that no longer runs what this repairs."""
        installed = versions.get(self.library, "")
        return bool(installed) and numbers(installed) >= numbers(self.since)


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: `2.13.0+cpu` is (2, 13, 0)."""
    found = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
        if digits != part:
            break
    return tuple(found)
