"""Attributes, items and targets: reading, storing and unpacking parts of objects."""

import ast

from tools.analysis import calls, evaluate
from tools.analysis.effects import effects
from tools.analysis.heap import ELEMENTS, NOTHING, Frame, Obj, Value, contents
from tools.analysis.session import Session

DEEPEST = 8
"""Parts of a qualified name beyond which an attribute counts as the object itself."""
MOST_SPELLED = 4
"""A value that may be more than so many objects is data, not a module: its attributes are no qualified names."""


def attribute(s: Session, base: Value, name: str, node: ast.AST, location: bool = False) -> Value:
    """Read an attribute.

    Args:
        s: The session.
        base: Objects whose attribute it is.
        name: Of the attribute.
        node: The place, for objects that reading creates.
        location: The attribute is the receiver of a call or a store, so that a view stands for what it shows.
    """
    found: set[Obj] = set()
    for obj in sorted(base):
        if obj.kind == "reference":
            spelled = len(base) <= MOST_SPELLED and obj.type.count(".") < DEEPEST
            found.add(s.reference(f"{obj.type}.{name}") if spelled else obj)
            found |= obj.fields.get(name, set())
            state = effects().state_written(f"{obj.type}.{name}")
            if state:
                s.read_state(f"<{state}>")
        elif obj.kind in {"instance", "class"}:
            found |= _own_attribute(s, obj, name, node)
        elif obj.kind == "function":
            found |= obj.fields.get(name, set()) | {obj}
        elif obj.kind in {"container", "tuple", "iterator", "method", "super"}:
            found |= {obj} | contents({obj})
        elif name not in effects().immutable_attributes:
            found |= {obj} | contents({obj})
            if not location:
                found.add(s.make("library", obj.type, (node, obj.root)))
    return frozenset(found)


def _own_attribute(s: Session, obj: Obj, name: str, node: ast.AST) -> set[Obj]:
    found = set(obj.fields.get(name, set())) | obj.fields.get("*", set())
    inherited, external = lookup(obj, name)
    for member in sorted(inherited):
        if member.kind == "function" and obj.kind == "instance":
            if calls.decorated(member, "property") or calls.decorated(member, "cached_property"):
                found |= calls.call_function(s, member, calls.Arguments((frozenset({obj}),)), node)
            else:
                method = s.make("method", "", (node, obj.serial, member.serial))
                s.hold(method, "<function>", {member})
                s.hold(method, "<self>", {obj})
                found.add(method)
        else:
            found.add(member)
    if _stored(obj, name):  # it may be a number, which is the empty set
        return found | obj.fields.get(ELEMENTS, set())
    if not found or external:
        for special in ("__getattr__", "__getattribute__"):
            for member in sorted(lookup(obj, special)[0]):
                found |= calls.call_function(s, member, calls.Arguments((frozenset({obj}),)), node)
        if external or obj.kind == "instance":
            found |= {obj} | contents({obj})
    return found


def _stored(obj: Obj, name: str) -> bool:
    """Tell whether an attribute was stored into an instance, or in its own class, by the notebook's code."""
    return name in obj.fields or any(name in cls.fields for cls in obj.fields.get("<class>", ()))


def lookup(obj: Obj, name: str) -> tuple[set[Obj], bool]:
    """Find an attribute in the class of an instance (or a class and its bases); tell whether a base is a library's."""
    pending = sorted(obj.fields.get("<class>", set())) if obj.kind == "instance" else [obj]
    seen: set[Obj] = set()
    found: set[Obj] = set()
    external = False
    while pending:
        current = pending.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if current.kind != "class":
            external = external or current.type != "builtins.object"
            continue
        here = current.fields.get(name, set())
        found |= here
        if not here or len(current.fields.get("<bases>", ())) > 1:
            pending.extend(sorted(current.fields.get("<bases>", set())))
        else:
            external = external or _external(current, seen)
    return found, external


def external_root(obj: Obj) -> str:
    """Return the library that an own class inherits from; empty where it inherits from none."""
    pending = sorted(obj.fields.get("<class>", set())) if obj.kind == "instance" else [obj]
    seen: set[Obj] = set()
    while pending:
        current = pending.pop(0)
        if current.kind != "class" and current.root not in {"builtins", "abc", "typing"}:
            return current.root
        if current not in seen:
            seen.add(current)
            pending.extend(sorted(current.fields.get("<bases>", set())))
    return ""


def _external(obj: Obj, seen: set[Obj]) -> bool:
    return any(
        base.kind != "class" or (base not in seen and _external(base, seen | {obj}))
        for base in obj.fields.get("<bases>", set())
    )


def item(s: Session, base: Value, index: Value, node: ast.Subscript, location: bool = False) -> Value:
    """Read an item or a slice."""
    found: set[Obj] = set()
    sliced = isinstance(node.slice, ast.Slice)
    for obj in sorted(base):
        if obj.kind in {"container", "tuple"}:
            if sliced:
                part = s.make("container", "", (node, "slice"))
                s.hold(part, ELEMENTS, contents({obj}))
                found |= {obj} if location else {part}
            elif (
                obj.kind == "tuple"
                and isinstance(node.slice, ast.Constant)
                and isinstance(node.slice.value, int)
                and str(node.slice.value) in obj.fields
            ):
                found |= obj.fields[str(node.slice.value)]
            else:
                found |= contents({obj})
        elif obj.kind == "instance":
            members = sorted(lookup(obj, "__getitem__")[0])
            for member in members:
                found |= calls.call_function(s, member, calls.Arguments((frozenset({obj}), index)), node)
            if not members:
                found |= {obj} | contents({obj})
        elif obj.kind == "reference":
            state = effects().state_written(obj.type)
            if state:
                s.read_state(f"<{state}>")
            elif obj.root in {"numpy", "typing", "builtins"}:
                found |= contents(index)
                found.add(s.make("library", f"{obj.root}.", (node, obj.root)))
        elif obj.kind in {"class", "function"}:
            found.add(obj)
        else:
            found |= contents({obj})
            if not (obj.root == "pandas" and not location and _copies(s, node, index)):
                found.add(obj)
            if not location:
                found.add(s.make("library", obj.type, (node, obj.root)))
    return frozenset(found)


def _copies(s: Session, node: ast.Subscript, index: Value) -> bool:
    """Tell whether indexing a frame or series gives a copy: by a list of columns, a mask, or always since pandas 3."""
    if s.copy_on_write:
        return True
    if isinstance(node.value, ast.Attribute) and node.value.attr in {"loc", "iloc", "at", "iat", "str", "dt"}:
        return False
    if isinstance(node.slice, ast.List | ast.ListComp | ast.Compare | ast.BinOp | ast.UnaryOp | ast.Call):
        return True
    return bool(index) and all(obj.kind == "container" for obj in index)


def locate(s: Session, node: ast.expr, frame: Frame) -> Value:
    """Evaluate the receiver of a store or a method call: a view counts as what it shows."""
    if isinstance(node, ast.Attribute):
        return attribute(s, locate(s, node.value, frame), node.attr, node, location=True)
    if isinstance(node, ast.Subscript):
        base = locate(s, node.value, frame)
        return item(s, base, evaluate.evaluate(s, node.slice, frame), node, location=True)
    return evaluate.evaluate(s, node, frame)


def bind(s: Session, target: ast.expr, value: Value, frame: Frame) -> None:
    """Assign to a target: a name, a tuple of targets, an attribute or an item."""
    if isinstance(target, ast.Name):
        s.store(target.id, value, frame)
    elif isinstance(target, ast.Starred):
        obj = s.make("container", "", target)
        s.hold(obj, ELEMENTS, value)
        bind(s, target.value, frozenset({obj}), frame)
    elif isinstance(target, ast.Tuple | ast.List):
        for element, part in zip(target.elts, unpack(s, value, target), strict=True):
            bind(s, element, part, frame)
    elif isinstance(target, ast.Attribute):
        store_part(s, locate(s, target.value, frame), target.attr, value)
    elif isinstance(target, ast.Subscript):
        base = locate(s, target.value, frame)
        index = evaluate.evaluate(s, target.slice, frame)
        store_part(s, base, None, value | index)


def unpack(s: Session, value: Value, target: ast.Tuple | ast.List) -> list[Value]:
    """Spread a value over as many targets."""
    starred = any(isinstance(element, ast.Starred) for element in target.elts)
    elements = calls.iterate(s, value, target)
    result: list[Value] = []
    for position in range(len(target.elts)):
        parts: set[Obj] = set()
        for obj in sorted(value):
            if (
                obj.kind == "tuple"
                and not starred
                and len(obj.fields) == len(target.elts)
                and str(position) in obj.fields
            ):
                parts |= obj.fields[str(position)]
            elif obj.kind == "tuple" and not starred and ELEMENTS not in obj.fields:
                parts |= obj.fields.get(str(position), set())
            elif obj.kind == "library" and obj.statement == s.statement and obj.root != "matplotlib":
                part = s.make("library", f"{obj.root}.", (target, obj.root, position))
                part.draws = obj.draws
                s.hold(part, ELEMENTS, contents({obj}))
                parts |= {part} | contents({obj})
            elif obj.kind in {"library", "unknown"}:
                parts |= {obj} | contents({obj})
            else:
                parts |= contents({obj}) | (elements if obj.kind in {"instance", "iterator", "class"} else set())
        result.append(frozenset(parts))
    return result


def store_part(s: Session, base: Value, name: str | None, value: Value) -> None:
    """Store into an attribute (`name`) or an item of objects: they change in place."""
    data = frozenset(held for held in value if held.kind not in {"library", "reference"})
    for obj in sorted(base):
        if obj.kind == "reference":
            state = effects().state_written(f"{obj.type}.{name}" if name else obj.type)
            s.write_state(f"<{state}>" if state else "<patched libraries>")
            if name:
                s.hold(obj, name, value)
            continue
        s.mutate({obj}, len(base) == 1)
        if obj.kind == "instance":
            for special in ("__setattr__",) if name else ("__setitem__",):
                for member in sorted(lookup(obj, special)[0]):
                    calls.call_function(s, member, calls.Arguments((frozenset({obj}), NOTHING, value)), member.node)
            for member in sorted(lookup(obj, name)[0]) if name else ():
                if calls.decorated(member, "property") or calls.decorated(member, "setter"):
                    calls.call_function(s, member, calls.Arguments((frozenset({obj}), value)), member.node)
            s.hold(obj, name or ELEMENTS, value)
        elif obj.kind in {"class", "function"}:
            s.hold(obj, name or ELEMENTS, value)
        elif obj.kind == "tuple":
            s.hold(obj, ELEMENTS, value)
        elif obj.kind == "library" and (obj.root in {"pandas", "numpy"} or (obj.root == "torch" and name is None)):
            s.hold(obj, ELEMENTS, data)
        else:
            s.hold(obj, ELEMENTS, value)
