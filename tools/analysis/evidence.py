"""What the text says and what the trace saw, united; then the record of a statement becomes part of the state."""

from collections.abc import Iterable

from tools.analysis.files import ANY_FILE, read
from tools.analysis.heap import NOTHING, Binding, Obj, children, names_that_reach, reach
from tools.analysis.model import Use
from tools.analysis.session import Edge, Session
from tools.trace.model import StatementTrace, Trace, ValueFacts

TRACED_GENERATORS = frozenset({"random", "numpy", "torch"})
SCALARS = frozenset({"int", "float", "str", "bool", "complex", "bytes", "NoneType", "range", "ellipsis"})


def reconcile(s: Session, traced: StatementTrace | None) -> dict[Obj, str]:
    """Unite the record with the trace of the statement.

    What is certain from the text stays; what is only possible (a call of unknown code, a view that may be a copy)
    stays where the trace saw it, or where there is no trace.

    Returns:
        The objects changed in place, with the evidence.
    """
    if traced is None:
        if s.record.reads_any_file:
            _read_any_file(s)
        return dict.fromkeys(s.record.mutated, "static")
    _bind_traced(s, traced)
    observed = set(traced.mutated) | {d for d in traced.draws if d not in TRACED_GENERATORS}
    seen = observed | set(traced.bound)
    result: dict[Obj, str] = {}
    explained: set[str] = set()
    for obj in sorted(s.record.mutated):
        names = names_that_reach({obj})
        explained |= names
        if names & observed:
            result[obj] = "both"
        elif s.record.mutated[obj] or not names or names & seen:
            result[obj] = "static"
    for name in sorted(observed - explained):
        binding = s.module.variables.get(name)
        if binding is None:
            continue
        objects = sorted(obj for obj in binding.value if obj.kind != "reference")
        if not objects:
            objects = [s.make("unknown", "", ("traced", name))]
            s.assign(s.module, name, Binding(binding.value | set(objects), binding.definitions))
            objects[0].names.add(name)
        s.read(name, binding)
        result.update(dict.fromkeys(objects, "trace"))
    _traced_state(s, traced)
    return result


def _bind_traced(s: Session, traced: StatementTrace) -> None:
    for name, value in sorted(traced.bound.items()):
        binding = s.module.variables.get(name)
        if name not in s.record.bound:
            before = binding or Binding()
            s.record.bound[name] = False
            obj = s.make("unknown", value.type, ("traced", name))
            s.assign(s.module, name, Binding(before.value | {obj}, before.definitions | {s.statement}))
        elif binding is not None and s.statement in binding.definitions:
            s.assign(s.module, name, Binding(_typed(s, name, binding, value), binding.definitions))
    for name in traced.deleted:
        if name in s.module.variables and name not in s.record.deleted:
            s.delete(name, s.module)


def _typed(s: Session, name: str, binding: Binding, value: ValueFacts) -> frozenset[Obj]:
    """Refine what a variable may be by the type that the trace saw."""
    root, _, last = value.type.rpartition(".")
    if root == "builtins" and last in SCALARS:
        return NOTHING
    if root == "numpy" and (last.rstrip("0123456789_") in {"int", "uint", "float", "bool", "str", "complex"}):
        return NOTHING
    if not binding.value:
        return frozenset({s.make("unknown" if root == "__main__" else "library", value.type, ("traced", name))})
    if len(binding.value) == 1:
        obj = next(iter(binding.value))
        if obj.kind in {"library", "unknown"} and obj.statement == s.statement and root not in {"__main__", "builtins"}:
            obj.kind, obj.type = "library", value.type
    return binding.value


def _read_any_file(s: Session) -> None:
    for known in sorted(s.state):
        if known.startswith("<file:"):
            s.read_state(known)


def _traced_state(s: Session, traced: StatementTrace) -> None:
    record = s.record
    known = {g for g in (*traced.draws, *traced.seeds) if g in TRACED_GENERATORS}
    for generator in sorted(record.drawn):
        if generator in TRACED_GENERATORS - known and record.drawn[generator] == "draw":
            del record.drawn[generator]
    for generator in sorted(known - record.drawn.keys()):
        record.drawn[generator] = "seed" if generator in traced.seeds else "draw"
        if generator in traced.seeds and generator not in traced.draws:
            record.seeded.add(generator)
    if record.written.pop(ANY_FILE, None) is not None and not traced.writes:
        record.files_written = False
    for path in traced.reads:
        read(s, path)
    for path in traced.writes:
        record.files_written = True
        s.write_state(f"<file:{path}>")
    for state in traced.environment:
        if not (state == "pandas options" and "<pandas display options>" in record.written):
            s.write_state(f"<{state}>")


def commit(s: Session, mutations: dict[Obj, str]) -> None:
    """Make the record of the statement part of the state that later statements start from."""
    sources = {s.statement, *(source for _, source, _ in s.record.edges)}
    for obj, evidence in mutations.items():
        for source in [source for source in obj.last if source not in sources]:
            s.edge(min(names_that_reach({obj}), default="<unnamed>"), source, "mutation", obj.last[source])
            sources.add(source)
        obj.last = {s.statement: evidence}
    for generator in s.record.drawn:
        variable = f"<{generator}>"
        if generator not in s.record.seeded:
            s.read_state(variable)
        s.state[variable] = {s.statement: "static"}
    for variable in s.record.written:
        s.state[variable] = {s.statement: "static"}
    bound: set[Obj] = set()
    for name in (*s.record.bound, *s.record.deleted):
        binding = s.module.variables.get(name, Binding())
        for obj in s.held.get(name, NOTHING):
            obj.names.discard(name)
        s.held[name] = binding.value
        for obj in binding.value:
            obj.names.add(name)
        bound |= binding.value
    _link_captured(obj for obj in bound if obj.kind in {"function", "method", "container", "library", "instance"})


def _link_captured(value: Iterable[Obj]) -> None:
    """Let what inner functions capture know who holds it."""
    for part in reach(value):
        if part.kind == "function" and part.frame is not None and part.frame.kind != "module":
            for group in children(part):
                for child in group:
                    child.holders.add(part)


def def_use_edges(s: Session, trace: Trace) -> tuple[Use, ...]:
    """Return the edges of the statement in a stable order, with their evidence."""
    found: list[Use] = []
    for edge in sorted(s.record.edges):
        found.append(_use(edge, s.record.edges[edge], trace))
    return tuple(found)


def _use(edge: Edge, evidence: str, trace: Trace) -> Use:
    variable, source, kind = edge
    traced = trace.statements.get(source)
    if traced is not None and kind == "definition" and variable in traced.bound and evidence == "static":
        evidence = "both"
    return Use.model_validate({"variable": variable, "source": source, "kind": kind, "evidence": evidence})
