"""Abstract objects: what a value may be, what it holds, and who changed it last.

A value is the set of objects that it may be; numbers, strings and other values that cannot change are the empty set.
Two variables share memory where their values have an object in common, at the top or inside: a view is the object that
it shows, a shallow copy is a new object that holds the same elements.
"""

import ast
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

ObjectKind = Literal[
    "reference",
    "function",
    "class",
    "instance",
    "container",
    "tuple",
    "iterator",
    "library",
    "unknown",
    "method",
    "super",
    "scope",
]
FrameKind = Literal["module", "function", "class", "comprehension"]
ELEMENTS = "[]"
SOURCES = "<sources>"


class Obj:
    """One abstract object: all objects that one expression of one statement creates.

    Attributes:
        serial: Number in order of creation.
        kind: What is known of it; `reference` is a module, function or class of a library by its qualified name.
        type: Qualified name (of a reference), qualified class name or at least the library (`pandas.`) of others.
        fields: What it holds, by attribute, position or `[]`.
        holders: Objects that hold it.
        names: Names of the notebook's namespace bound to it.
        node: Code of a function, class, lambda or generator.
        frame: Scope in which that code was defined.
        draws: Generators that it advances when it is used (an estimator without `random_state`).
        last: Statements that changed it last, with the evidence.
        statement: Statement that created it.
    """

    __slots__ = ("draws", "fields", "frame", "holders", "kind", "last", "names", "node", "serial", "statement", "type")

    def __init__(self, serial: int, kind: ObjectKind, type_: str = "", statement: str = "") -> None:
        self.serial = serial
        self.kind: ObjectKind = kind
        self.type = type_
        self.fields: dict[str, set[Obj]] = {}
        self.holders: set[Obj] = set()
        self.names: set[str] = set()
        self.node: ast.AST | None = None
        self.frame: Frame | None = None
        self.draws: frozenset[str] = frozenset()
        self.last: dict[str, str] = {}
        self.statement = statement

    def __lt__(self, other: "Obj") -> bool:
        return self.serial < other.serial

    def __repr__(self) -> str:
        return f"<{self.kind} {self.serial} {self.type}>"

    @property
    def root(self) -> str:
        """Library that it comes from; empty where unknown."""
        return self.type.split(".")[0]


Value = frozenset[Obj]
NOTHING: Value = frozenset()


@dataclass(frozen=True)
class Binding:
    """What a name is bound to, and the statements that may have bound it (of the notebook's namespace only)."""

    value: Value = NOTHING
    definitions: frozenset[str] = frozenset()


@dataclass(eq=False)
class Frame:
    """A scope at run time: the notebook's namespace, a call, a class body or a comprehension.

    Attributes:
        variables: Bindings.
        parent: Enclosing scope; None for the notebook's namespace.
        local: Names that belong to this scope; None where every name bound in it does.
        outer_globals: Names that it declares `global`.
        kind: `module`, `function`, `class` or `comprehension`.
        scope: The scope as an object, which changes when an inner function binds a `nonlocal` name.
        returns: What the call may return, and yield.
        owner: Class whose method this is a call of.
        receiver: First argument of the method call.
        arguments: What the call, and calls of itself inside it, may be passed.
        shared: Inner functions may capture it, so that its variables only ever gain values.
        recursive: The function called itself.
        grown: A recursive call brought new arguments.
        serial: Number in order of creation; 0 for the notebook's namespace.
    """

    variables: dict[str, Binding]
    parent: "Frame | None" = None
    local: frozenset[str] | None = None
    outer_globals: frozenset[str] = frozenset()
    kind: FrameKind = "module"
    scope: Obj | None = None
    returns: set[Obj] = field(default_factory=set)
    yields: set[Obj] = field(default_factory=set)
    owner: Obj | None = None
    receiver: Value = NOTHING
    arguments: dict[str, Value] = field(default_factory=dict)
    shared: bool = False
    recursive: bool = False
    grown: bool = False
    serial: int = 0


def contents(value: Iterable[Obj]) -> Value:
    """Return what the objects hold directly, under any attribute or position."""
    found: set[Obj] = set()
    for obj in value:
        for name, held in obj.fields.items():
            if name[:1] != "<":
                found |= held
    return frozenset(found)


def hold(holder: Obj, name: str, value: Iterable[Obj]) -> bool:
    """Let an object hold others; tell whether that was new."""
    held = holder.fields.setdefault(name, set())
    new = (value if isinstance(value, set | frozenset) else set(value)) - held
    if not new:
        return False
    held |= new
    for obj in new:
        obj.holders.add(holder)
    return True


def children(obj: Obj, without: AbstractSet[str] = frozenset()) -> Iterator[AbstractSet[Obj]]:
    """Yield all that an object holds, group by group, the variables that a function captures included."""
    for name, held in obj.fields.items():
        if name not in without:
            yield held
    frame = obj.frame
    while frame is not None and frame.kind != "module":
        if frame.scope is not None:
            yield {frame.scope}
        for binding in frame.variables.values():
            yield binding.value
        frame = frame.parent


def reach(value: Iterable[Obj], without: AbstractSet[str] = frozenset()) -> set[Obj]:
    """Return the objects and all that they hold, at any depth.

    Args:
        value: The objects.
        without: Fields that are not followed.
    """
    seen: set[Obj] = set(value)
    pending = list(seen)
    while pending:
        obj = pending.pop()
        for held in children(obj, without) if without or obj.frame is not None else obj.fields.values():
            new = held - seen
            if new:
                seen |= new
                pending.extend(new)
    return seen


def names_that_reach(value: Iterable[Obj]) -> set[str]:
    """Return the names of the notebook's namespace whose value is one of the objects or holds it at any depth."""
    seen = set(value)
    pending = list(seen)
    names: set[str] = set()
    while pending:
        current = pending.pop()
        names |= current.names
        new = current.holders - seen
        if new:
            seen |= new
            pending.extend(new)
    return names
