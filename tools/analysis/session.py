"""The running state of the abstract interpretation: the namespace, the objects, and the record of one statement."""

import ast
import builtins
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.analysis.constants import constant_text
from tools.analysis.heap import ELEMENTS, NOTHING, Binding, Frame, FrameKind, Obj, ObjectKind, Value, hold, reach
from tools.analysis.scopes import FreeNames, FunctionNode, function_free_names
from tools.analysis.stars import star_names

if TYPE_CHECKING:
    from tools.analysis.calls import Arguments

BUILTINS = frozenset(dir(builtins))
STEPS = 6_000
"""Expressions evaluated for one statement, those in the functions that it calls included."""


class TooMuchWork(Exception):  # noqa: N818
    """A statement calls for more work than it is given; nothing is known about what it changes."""


CODE_OF = frozenset({"<class>", "<function>"})
"""Fields that lead from an object to its code, which runs with the object as receiver and not by itself."""
RUNNING = frozenset({"iterator", "function", "method", "instance", "class"})
"""Kinds of objects that run code of the notebook's own when they are used."""


@dataclass(frozen=True)
class HandedOver:
    """What a library gets at when it is passed a value: all objects, and those that run code of the notebook's own."""

    inside: Value
    running: tuple[Obj, ...]


Edge = tuple[str, str, str]
"""(variable, source statement, kind)."""


@dataclass
class Record:
    """What one statement has been seen to do.

    Attributes:
        edges: Def-use edges with their evidence.
        reads: Names read that an earlier statement bound.
        bound: Names bound; True where for certain.
        deleted: Names deleted.
        mutated: Objects changed; True where it is certain that the call or store changes just this object.
        drawn: Generators advanced or seeded, by what came first.
        seeded: Generators that were seeded for certain before anything was drawn from them.
        written: Pseudo-variables of process state and files that it changed.
        opaque: It runs code from strings or reaches into the namespace.
        plots: It draws on a figure.
        calls: Calls of the notebook's own functions, with what they gave.
        external: Iterators and operators that are being followed.
        callbacks: Calls back from libraries (function, receiver), with how far the heap had grown when each was last
            followed, and what it is passed.
        due: Those that take turns until nothing new comes of them.
        called_back_at: Steps that had been done when the first of them came up; None where none is followed.
    """

    edges: dict[Edge, str] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    bound: dict[str, bool] = field(default_factory=dict)
    deleted: dict[str, None] = field(default_factory=dict)
    mutated: dict[Obj, bool] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)
    written: dict[str, bool] = field(default_factory=dict)
    opaque: bool = False
    plots: bool = False
    files_written: bool = False
    reads_any_file: bool = False
    gathered: dict[str, tuple[int, Value]] = field(default_factory=dict)
    calls: dict[object, tuple[int, Value]] = field(default_factory=dict)
    external: set[object] = field(default_factory=set)
    follows: dict[object, int] = field(default_factory=dict)
    callbacks: dict[tuple[Obj, Value], tuple[int, Value]] = field(default_factory=dict)
    due: dict[tuple[Obj, Value], None] = field(default_factory=dict)
    called_back_at: int | None = None
    effort: int = 0
    steps: int = 0


@dataclass
class Session:
    """State of the interpretation.

    Attributes:
        module: The notebook's namespace.
        statement: Id of the statement that is being followed.
        record: What it has been seen to do so far.
        conditional: Depth of constructs whose code may not run or may run several times.
        state: Statements that changed each pseudo-variable last.
        folder: Working directory, relative to where the notebook starts; None where it is not known.
        patched: Some attribute of a library was replaced.
        stars: Statements with a star import whose names are not known.
        version: Grows with every change of what an object holds, or of a variable that functions can see.
        growth: Grows with every change of what an object holds.
        active: Calls that are being followed, by code.
        hopeless: Calls back from libraries that were too much work, with how many objects they were passed.
    """

    module: Frame = field(default_factory=lambda: Frame({}))
    statement: str = ""
    record: Record = field(default_factory=Record)
    conditional: int = 0
    state: dict[str, dict[str, str]] = field(default_factory=dict)
    folder: str | None = ""
    stars: list[str] = field(default_factory=list)
    version: int = 0
    growth: int = 0
    serial: int = 0
    active: dict[ast.AST, Frame] = field(default_factory=dict)
    references: dict[str, Obj] = field(default_factory=dict)
    sites: dict[object, Obj] = field(default_factory=dict)
    frames: dict[tuple[ast.AST, int], Frame] = field(default_factory=dict)
    free: dict[ast.AST, FreeNames] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    generators: dict[Obj, list[tuple[Obj, "Arguments", Value]]] = field(default_factory=dict)
    copy_on_write: bool = False
    traced_stars: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bindable: frozenset[str] = frozenset()
    held: dict[str, Value] = field(default_factory=dict)
    blob: Obj | None = None
    reached: dict[Value, frozenset[Obj]] = field(default_factory=dict)
    reached_version: int = -1
    given: "dict[Value, HandedOver]" = field(default_factory=dict)
    hopeless: dict[Obj, int] = field(default_factory=dict)
    deleting: set[str] = field(default_factory=set)
    used: frozenset[str] = frozenset()
    journals: list[dict[tuple[int, str], tuple[Frame, Binding | None]]] = field(default_factory=list)

    def begin(self, statement: str) -> None:
        """Start the record of a statement."""
        self.statement = statement
        self.record = Record()
        self.sites = {}
        self.frames = {}
        self.conditional = 0
        self.journals = []
        self.active = {}

    def give_up(self) -> None:
        """Leave all that is being followed, and remember which calls back were too much work, and with how much."""
        began = self.record.called_back_at
        if began is not None and self.record.steps - began > STEPS // 2:
            for member, receiver in self.record.due:
                extra = self.record.callbacks[(member, receiver)][1]
                self.hopeless[member] = min(len(extra), self.hopeless.get(member, len(extra)))
        self.journals, self.active, self.conditional, self.record.steps = [], {}, 0, -STEPS

    def step(self, count: int = 1) -> None:
        """Count steps of work.

        Raises:
            TooMuchWork: If the statement takes more than the analysis has for one.
        """
        self.record.steps += count
        if self.record.steps > STEPS:
            raise TooMuchWork

    # objects

    def make(self, kind: ObjectKind, type_: str, site: object) -> Obj:
        """Return the object that a place of the current statement creates, the same each time it runs."""
        known = self.sites.get((site, kind))
        if known is None:
            self.serial += 1
            known = self.sites[(site, kind)] = Obj(self.serial, kind, type_, self.statement)
        return known

    def reference(self, name: str) -> Obj:
        """Return a module, function or class of a library by qualified name."""
        known = self.references.get(name)
        if known is None:
            self.serial += 1
            known = self.references[name] = Obj(self.serial, "reference", name)
        return known

    def hold(self, holder: Obj, name: str, value: Iterable[Obj]) -> None:
        """Let an object hold others."""
        if hold(holder, name, value):
            self.version += 1
            self.growth += 1

    def scope(
        self, kind: FrameKind, parent: Frame | None, local: frozenset[str] | None, node: ast.AST | None = None
    ) -> Frame:
        """Open a scope; one that inner functions capture is the same for all runs of its code in a statement."""
        self.serial += 1
        frame = Frame({}, parent=parent, local=local, kind=kind, serial=self.serial)
        if node is None or not captures(node):
            return frame
        known = self.frames.setdefault((node, parent.serial if parent is not None else 0), frame)
        known.shared = True
        return known

    def free_names(self, node: FunctionNode) -> FreeNames:
        """Return the free names of a function, analysed once."""
        known = self.free.get(node)
        if known is None:
            known = self.free[node] = function_free_names(node)
        return known

    def reach(self, value: Value) -> frozenset[Obj]:
        """Return the objects and all that they hold, at any depth; looked up once until something changes."""
        if self.reached_version != self.version:
            self.reached_version = self.version
            self.reached = {}
            self.given = {}
        known = self.reached.get(value)
        if known is None:
            known = self.reached[value] = frozenset(reach(value))
            self.record.steps += len(known) // 20
        return known

    def handed_over(self, value: Value) -> "HandedOver":
        """Return what a library that is passed a value gets at; looked up once until something changes."""
        if self.reached_version != self.version:
            self.reach(NOTHING)
        known = self.given.get(value)
        if known is None:
            inside = frozenset(reach(value, without=CODE_OF))
            self.record.steps += len(inside) // 20
            running = tuple(sorted(obj for obj in inside if obj.kind in RUNNING))
            known = self.given[value] = HandedOver(inside, running)
        return known

    def hold_all(self, holders: Iterable[Obj], value: Value) -> None:
        """Let several objects hold others as elements."""
        for holder in holders:
            self.hold(holder, ELEMENTS, value)

    def imported(self, name: str) -> Value:
        """Return what an import of a module or of a part of it gives."""
        return frozenset({self.reference(name)})

    def star_names(self, module: str) -> tuple[str, ...] | None:
        """Return the names that a star import brings and the notebook uses; None where they are not known."""
        names = self.traced_stars.get(self.statement)
        if names is None:
            names = star_names(module)
        return None if names is None else tuple(name for name in names if name in self.used)

    def note_constant(self, node: ast.Assign) -> None:
        """Remember the text that a variable is bound to, for paths."""
        for target in node.targets:
            if isinstance(target, ast.Name):
                text = constant_text(self.constants, node.value)
                self.constants.pop(target.id, None)
                if text is not None:
                    self.constants[target.id] = text

    # names

    def load(self, name: str, frame: Frame) -> Value:
        """Read a name in a scope."""
        current: Frame | None = frame
        if name in frame.outer_globals:
            current = None
        while current is not None and current.kind != "module":
            if current.local is None or name in current.local:
                binding = current.variables.get(name)
                if binding is not None:
                    return binding.value
                if current.kind == "function":
                    return NOTHING
            current = current.parent
            while current is not None and current.kind == "class" and frame.kind != "class":
                current = current.parent
            if current is not None and name in current.outer_globals:
                current = None
        return self.load_global(name)

    def load_global(self, name: str) -> Value:
        """Read a name of the notebook's namespace (or a builtin), with the edges that this makes."""
        binding = self.module.variables.get(name)
        value: Value = NOTHING
        if binding is not None:
            value = binding.value
            self.read(name, binding)
        if binding is None or (not value and binding.definitions <= self.deleting):
            for source in self.stars:
                self.edge(name, source, "definition")
            if name in BUILTINS and not name.startswith("_"):
                value = value | {self.reference(f"builtins.{name}")}
            elif self.stars:
                value = value | {self.reference(f"<star>.{name}")}
            if self.blob is not None and name not in BUILTINS:
                value = value | {self.blob}
        return value

    def read(self, name: str, binding: Binding) -> None:
        """Note that a name is read: edges to what bound it and to what changed anything that it reaches."""
        outside = False
        for source in binding.definitions:
            if source != self.statement:
                self.edge(name, source, "definition")
                outside = True
        if outside:
            self.record.reads[name] = None
            self.gather(name, binding.value)

    def gather(self, name: str, value: Iterable[Obj]) -> None:
        """Add edges to the statements that last changed anything reached by a value."""
        value = frozenset(value)
        if self.record.gathered.get(name) == (self.version, value):
            return
        self.record.gathered[name] = (self.version, value)
        for obj in self.reach(value):
            for source, evidence in obj.last.items():
                if source != self.statement:
                    self.edge(name, source, "mutation", evidence)

    def edge(self, variable: str, source: str, kind: str, evidence: str = "static") -> None:
        """Add one def-use edge; evidence of both kinds adds up."""
        if source == self.statement:
            return
        known = self.record.edges.get((variable, source, kind))
        if known is not None and known != evidence:
            evidence = "both"
        self.record.edges[(variable, source, kind)] = evidence

    def store(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a name in a scope."""
        current = frame
        while current.kind == "comprehension" and current.parent is not None and name not in (current.local or ()):
            current = current.parent
        if current.kind != "module" and name in current.outer_globals:
            self.store_global(name, value)
            return
        if current.kind == "module":
            self.store_global(name, value)
            return
        if current.kind == "function" and current.local is not None and name not in current.local:
            outer = current.parent  # nonlocal
            while outer is not None and outer.kind != "module":
                if name in outer.variables or (outer.local is not None and name in outer.local):
                    before = outer.variables.get(name, Binding())
                    self.assign(outer, name, Binding(before.value | value))
                    if outer.scope is not None:
                        self.mutate({outer.scope}, True)
                    return
                outer = outer.parent
            self.store_global(name, value)
            return
        if current.shared:
            value = value | current.variables.get(name, Binding()).value
        self.assign(current, name, Binding(value))

    def store_global(self, name: str, value: Value) -> None:
        """Bind a name of the notebook's namespace."""
        self.constants.pop(name, None)
        self.record.bound[name] = not self.conditional or self.record.bound.get(name, False)
        self.assign(self.module, name, Binding(value, frozenset({self.statement})))

    def delete(self, name: str, frame: Frame) -> None:
        """Remove a name."""
        if frame.kind == "module" or name in frame.outer_globals:
            binding = self.module.variables.get(name)
            if binding is not None:
                self.read(name, binding)
            self.assign(self.module, name, Binding(NOTHING, frozenset({self.statement})))
            self.record.deleted[name] = None
            self.deleting.add(self.statement)

    # paths

    def assign(self, frame: Frame, name: str, binding: Binding) -> None:
        """Set a variable, noting what it was for the alternatives that are being followed."""
        before = frame.variables.get(name)
        if self.journals:
            self.journals[-1].setdefault((frame.serial, name), (frame, before))
        captured = frame.shared or frame.kind in {"class", "module"} or frame.scope is not None
        if captured and (before is None or before.value != binding.value):
            self.version += 1
        frame.variables[name] = binding

    def alternatives(self, *paths: Callable[[], None]) -> bool:
        """Follow code of which one piece runs, and join what the paths bind; tell whether anything is new."""
        outcomes: list[dict[tuple[int, str], Binding | None]] = []
        touched: dict[tuple[int, str], Frame] = {}
        for path in paths:
            self.journals.append({})
            self.conditional += 1
            path()
            self.conditional -= 1
            journal = self.journals.pop()
            outcomes.append({(key, name): frame.variables.get(name) for (key, name), (frame, _) in journal.items()})
            for (key, name), (frame, before) in journal.items():
                touched[(key, name)] = frame
                if before is None:
                    frame.variables.pop(name, None)
                else:
                    frame.variables[name] = before
        changed = False
        for place, frame in touched.items():
            before = frame.variables.get(place[1])
            found = [b for b in (outcome.get(place, before) for outcome in outcomes) if b is not None]
            if not found:
                continue
            merged = Binding(
                frozenset().union(*(b.value for b in found)), frozenset().union(*(b.definitions for b in found))
            )
            if merged != before:
                changed = True
                self.assign(frame, place[1], merged)
        return changed

    def repeat(self, body: Callable[[], None]) -> None:
        """Follow code that runs any number of times, until nothing new comes of it."""
        for _ in range(16):
            growth = self.growth
            if not self.alternatives(body, lambda: None) and self.growth == growth:
                break

    # effects

    def mutate(self, value: Iterable[Obj], certain: bool) -> None:
        """Note that objects change in place."""
        for obj in value:
            if obj.kind == "reference":
                continue
            if obj.type.startswith("<file:"):
                self.record.files_written = True
                self.write_state(obj.type)
            self.record.mutated[obj] = self.record.mutated.get(obj, False) or certain

    def mutate_deep(self, value: Iterable[Obj], certain: bool = False) -> None:
        """Note that objects and all that they hold may change."""
        self.mutate(
            (obj for obj in self.reach(frozenset(value)) if obj.kind not in {"function", "class", "method"}), certain
        )

    def draw(self, generator: str) -> None:
        """Note a draw from a global generator."""
        self.record.drawn.setdefault(generator, "draw")

    def seed(self, generator: str) -> None:
        """Note that a global generator is set to a state of its own."""
        if generator not in self.record.drawn:
            self.record.drawn[generator] = "seed"
            if not self.conditional:
                self.record.seeded.add(generator)

    def read_state(self, variable: str) -> None:
        """Note that the statement depends on process state or a file."""
        for source, evidence in self.state.get(variable, {}).items():
            self.edge(variable, source, "state", evidence)

    def write_state(self, variable: str, replaces: bool = False) -> None:
        """Note that the statement changes process state or a file; a certain replacement forgets what was before."""
        if not (replaces and not self.conditional):
            self.read_state(variable)
            self.record.written.setdefault(variable, False)
        else:
            self.record.written.setdefault(variable, True)


def captures(node: ast.AST) -> bool:
    """Tell whether code defines functions that may outlive its run."""
    known = getattr(node, "_captures", None)
    if known is None:
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
        known = any(isinstance(part, inner) for part in ast.walk(node) if part is not node)
        node._captures = known  # type: ignore[attr-defined]
    return bool(known)
