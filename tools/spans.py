"""What takes time in a run, as spans: recorded where the work is done, kept where somebody collects them."""

import contextlib
import time
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from tools.frozen import Frozen

Kind = Literal["node", "check", "call", "tool"]
Value = str | int | float | bool | None


class Span(Frozen):
    """One piece of work.

    Attributes:
        id: Of its own.
        parent: Id of the span in which it took place; empty for none.
        name: For people.
        kind: Of work.
        began: Nanoseconds since 1970.
        ended: Likewise.
        failed: It ended with an exception.
        attributes: What is told of it.
    """

    id: str
    parent: str = ""
    name: str
    kind: Kind
    began: int
    ended: int
    failed: bool = False
    attributes: dict[str, Value] = {}


@dataclass
class Told:
    """A span that is open: what is told of it may be added to.

    Attributes:
        name: For people; may be changed.
        attributes: Of it.
    """

    name: str
    attributes: dict[str, Value] = field(default_factory=dict)


_KEPT: ContextVar[list[Span] | None] = ContextVar("kept", default=None)
_OPEN: ContextVar[str] = ContextVar("open", default="")


@contextlib.contextmanager
def collected() -> Iterator[list[Span]]:
    """Give the list that takes every span that ends inside, also in threads that run in a copy of the context."""
    kept: list[Span] = []
    token = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(token)


def record(name: str, kind: Kind, began: int, **attributes: Value) -> None:
    """Record a piece of work that ends now; nothing is recorded where nobody collects.

    Args:
        name: For people.
        kind: Of work.
        began: Nanoseconds since 1970.
        attributes: What is told of it.
    """
    kept = _KEPT.get()
    if kept is not None:
        ended, identifier = time.time_ns(), uuid.uuid4().hex[:16]
        kept.append(
            Span(
                id=identifier,
                parent=_OPEN.get(),
                name=name,
                kind=kind,
                began=began,
                ended=ended,
                attributes=attributes,
            )
        )


@contextlib.contextmanager
def span(name: str, kind: Kind, **attributes: Value) -> Iterator[Told]:
    """Record a piece of work; nothing is recorded where nobody collects.

    Args:
        name: For people.
        kind: Of work.
        attributes: What is known of it before it begins.
    """
    told = Told(name, dict(attributes))
    kept = _KEPT.get()
    if kept is None:
        yield told
        return
    identifier, parent, began, failed = uuid.uuid4().hex[:16], _OPEN.get(), time.time_ns(), True
    token = _OPEN.set(identifier)
    try:
        yield told
        failed = False
    finally:
        _OPEN.reset(token)
        kept.append(
            Span(
                id=identifier,
                parent=parent,
                name=told.name,
                kind=kind,
                began=began,
                ended=time.time_ns(),
                failed=failed,
                attributes=told.attributes,
            )
        )
