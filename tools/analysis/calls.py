"""Calls: the notebook's own functions and classes are followed into their code, everything else goes to `library`."""

import ast
from dataclasses import dataclass, field

from tools.analysis import evaluate, execute, items, library
from tools.analysis.heap import ELEMENTS, NOTHING, SOURCES, Frame, Obj, Value, contents
from tools.analysis.names import literal_code
from tools.analysis.scopes import FunctionNode
from tools.analysis.session import Session, TooMuchWork

ROWS = frozenset({"builtins.zip", "builtins.enumerate", "itertools.product", "itertools.zip_longest"})
NOWHERE = ast.Pass()
EFFORT = 1500
"""Calls of own functions followed for one statement; beyond it anything may have changed."""
CONSTRUCTION = frozenset({"__init__", "__new__", "__del__", "__call__", "__init_subclass__", "__class_getitem__"})


@dataclass(frozen=True)
class Arguments:
    """Arguments of a call; `extra` is what may be passed in any place (`*args`, `**kwargs`, calls from a library)."""

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    extra: Value = NOTHING
    node: ast.Call | None = None
    frame: Frame | None = None

    def all(self) -> Value:
        """Return all objects that are passed."""
        return frozenset().union(*self.positional, *self.keywords.values(), self.extra)

    def key(self) -> object:
        """Return what tells two calls apart."""
        return (self.positional, tuple(sorted(self.keywords.items(), key=lambda item: item[0])), self.extra)

    def with_first(self, value: Value) -> "Arguments":
        """Return the arguments with one more in front (the receiver of a method)."""
        return Arguments((value, *self.positional), self.keywords, self.extra, self.node, self.frame)


def call(s: Session, node: ast.Call, frame: Frame) -> Value:
    """Evaluate a call expression."""
    if isinstance(node.func, ast.Attribute):
        receiver = items.locate(s, node.func.value, frame)
        arguments = evaluate_arguments(s, node, frame)
        if not receiver:
            return library.call_reference(s, f"builtins.str.{node.func.attr}", arguments, node)
        found: set[Obj] = set()
        for obj in sorted(receiver):
            found |= call_method(s, obj, node.func.attr, arguments, node)
        if len(receiver) > 1:
            _uncertain(s, receiver)
        return frozenset(found)
    callee = evaluate.evaluate(s, node.func, frame)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and callee == {s.reference("builtins.super")}:
        return frozenset({_super(s, node, frame)})
    code = literal_code(node)
    found = set()
    if code is not None and s.reference(f"builtins.{getattr(node.func, 'id', '')}") in callee:
        if len(code.body) == 1 and isinstance(code.body[0], ast.Expr):
            found |= evaluate.evaluate(s, code.body[0].value, frame)
        else:
            execute.execute_block(s, code.body, frame)
    arguments = evaluate_arguments(s, node, frame)
    for obj in sorted(callee):
        found |= call_value(s, obj, arguments, node)
    return frozenset(found)


def _uncertain(s: Session, receiver: Value) -> None:
    """Weaken what a call did to one of several objects that its receiver may be."""
    for obj in receiver:
        if obj in s.record.mutated and obj.kind != "instance":
            s.record.mutated[obj] = False


def evaluate_arguments(s: Session, node: ast.Call, frame: Frame) -> Arguments:
    """Evaluate the arguments of a call."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    extra: set[Obj] = set()
    for argument in node.args:
        value = evaluate.evaluate(s, argument, frame)
        if isinstance(argument, ast.Starred):
            extra |= iterate(s, value, argument)
        elif extra:
            extra |= value
        else:
            positional.append(value)
    for keyword in node.keywords:
        value = evaluate.evaluate(s, keyword.value, frame)
        if keyword.arg is None:
            extra |= contents(value)
        else:
            keywords[keyword.arg] = value
    return Arguments(tuple(positional), keywords, frozenset(extra), node, frame)


def call_value(s: Session, obj: Obj, arguments: Arguments, node: ast.AST) -> Value:
    """Call an object."""
    if obj.kind == "function":
        return call_function(s, obj, arguments, node)
    if obj.kind == "method":
        found: set[Obj] = set()
        for function in sorted(obj.fields["<function>"]):
            found |= call_member(s, function, frozenset(obj.fields["<self>"]), arguments, node)
        return frozenset(found)
    if obj.kind == "class":
        return instantiate(s, obj, arguments, node)
    if obj.kind == "reference":
        return library.call_reference(s, obj.type, arguments, node)
    if obj.kind == "instance":
        found = set()
        members, external = items.lookup(obj, "__call__")
        if external:
            members = members | items.lookup(obj, "forward")[0] | items.lookup(obj, "call")[0]
        for member in sorted(members):
            found |= call_member(s, member, frozenset({obj}), arguments, node)
        if external:
            library.forward(s, obj)
        return frozenset(found) if members else library.call_method(s, obj, "__call__", arguments, node)
    return library.call_method(s, obj, "__call__", arguments, node)


def call_method(s: Session, obj: Obj, name: str, arguments: Arguments, node: ast.AST) -> Value:
    """Call a method of an object."""
    if obj.kind == "reference":
        found: set[Obj] = set()
        for member in sorted(obj.fields.get(name, set())):
            found |= call_value(s, member, arguments, node)
        return frozenset(found) | library.call_reference(s, f"{obj.type}.{name}", arguments, node)
    if obj.kind in {"instance", "class", "super"}:
        return _own_method(s, obj, name, arguments, node)
    if obj.kind == "function":
        found = set()
        for member in sorted(obj.fields.get(name, set())):
            found |= call_value(s, member, arguments, node)
        if name in {"__call__", "__wrapped__"}:
            found |= call_function(s, obj, arguments, node)
        return frozenset(found)
    return library.call_method(s, obj, name, arguments, node)


def _own_method(s: Session, obj: Obj, name: str, arguments: Arguments, node: ast.AST) -> Value:
    receiver = frozenset(obj.fields["<self>"]) if obj.kind == "super" else frozenset({obj})
    members: set[Obj] = set()
    external = False
    if obj.kind == "super":
        for base in sorted(obj.fields["<bases>"]):
            found_members, outside = items.lookup(base, name)
            members |= found_members
            external = external or outside or base.kind != "class"
    else:
        members, external = items.lookup(obj, name)
    found: set[Obj] = set()
    for value in sorted(obj.fields.get(name, set()) | obj.fields.get("*", set()) if obj.kind == "instance" else ()):
        found |= call_value(s, value, arguments, node)
        members.discard(value)
    for member in sorted(members):
        if obj.kind == "class" and not decorated(member, "classmethod"):
            found |= call_value(s, member, arguments, node)
        else:
            found |= call_member(s, member, receiver, arguments, node)
    if (external or not found) and not members and not obj.fields.get(name):
        for target in sorted(receiver):
            found |= library.call_method(s, target, name, arguments, node)
    return frozenset(found)


def call_member(s: Session, member: Obj, receiver: Value, arguments: Arguments, node: ast.AST) -> Value:
    """Call what was found in a class with the receiver in front, unless it is a static method."""
    if member.kind == "function" and not decorated(member, "staticmethod"):
        return call_function(s, member, arguments.with_first(receiver), node, receiver)
    return call_value(s, member, arguments, node)


def decorated(member: Obj, name: str) -> bool:
    """Tell whether a function carries a decorator of that name."""
    if not isinstance(member.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    for part in member.node.decorator_list:
        inner = part.func if isinstance(part, ast.Call) else part
        if (inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")) == name:
            return True
    return False


def _super(s: Session, node: ast.Call, frame: Frame) -> Obj:
    current: Frame | None = frame
    while current is not None and current.owner is None:
        current = current.parent
    obj = s.make("super", "", node)
    owner = current.owner if current is not None else None
    s.hold(obj, "<bases>", owner.fields.get("<bases>", set()) if owner is not None else ())
    s.hold(obj, "<self>", current.receiver if current is not None else NOTHING)
    for argument in node.args:
        evaluate.evaluate(s, argument, frame)
    return obj


def instantiate(s: Session, cls: Obj, arguments: Arguments, node: ast.AST) -> Value:
    """Create an instance of a class of the notebook's own."""
    obj = s.make("instance", "", (node, cls.serial))
    s.hold(obj, "<class>", {cls})
    found: set[Obj] = {obj}
    for name in ("__new__", "__init__", "__post_init__"):
        members, _ = items.lookup(obj, name)
        for member in sorted(members):
            if name == "__new__":
                found |= call_function(s, member, arguments.with_first(frozenset({cls})), node)
            elif member.kind == "function":
                call_function(
                    s,
                    member,
                    arguments.with_first(frozenset({obj}))
                    if name == "__init__"
                    else Arguments((frozenset({obj}),), extra=arguments.all()),
                    node,
                    frozenset({obj}),
                )
    members, external = items.lookup(obj, "__init__")
    if not members:
        for value in (*arguments.positional, arguments.extra):
            s.hold(obj, "*", value)
        for keyword, value in arguments.keywords.items():
            s.hold(obj, keyword, value)
        if external:
            for base in sorted(cls.fields.get("<bases>", set())):
                if base.kind == "reference":
                    made = library.call_reference(s, base.type, arguments, node)
                    obj.draws = obj.draws.union(*(part.draws for part in made))
    return frozenset(found)


def call_function(s: Session, obj: Obj, arguments: Arguments, node: ast.AST | None, receiver: Value = NOTHING) -> Value:
    """Follow a call of one of the notebook's own functions."""
    code = obj.node
    if not isinstance(code, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return NOTHING
    if decorated(obj, "lru_cache") or decorated(obj, "cache"):
        s.mutate({obj}, False)
    key = (obj, arguments.key())
    if execute.is_generator(code):
        made = s.make("iterator", "", (node, obj.serial))
        made.node = code
        s.hold(made, "<function>", {obj})
        s.hold(made, SOURCES, arguments.all())
        started = s.generators.setdefault(made, [])
        if all(known_call[1].key() != arguments.key() for known_call in started):
            started.append((obj, arguments, receiver))
        return frozenset({made})
    known = s.record.calls.get(key)
    if known is not None and known[0] == s.growth:
        return known[1]
    value = run_function(s, obj, code, arguments, receiver)
    if not s.free_names(code).global_writes:
        s.record.calls[key] = (s.growth, value)
    return value


def run_function(s: Session, obj: Obj, code: FunctionNode, arguments: Arguments, receiver: Value) -> Value:
    """Run the body of a function abstractly and return what it may give."""
    bound = _parameters(s, obj, code, arguments)
    active = s.active.get(code)
    if active is not None:  # recursion: the outer call goes round until nothing new arrives
        active.recursive = True
        for name, value in bound.items():
            known = active.arguments.get(name, NOTHING)
            if not value <= known:
                active.arguments[name] = known | value
                active.grown = True
        return frozenset(active.returns | active.yields)
    s.record.effort += 1
    if s.record.effort > EFFORT or len(s.active) > 60:
        raise TooMuchWork
    free = s.free_names(code)
    frame = s.scope("function", obj.frame, free.local, code)
    frame.outer_globals = execute.declared_globals(code)
    frame.arguments = dict(bound)
    frame.receiver = receiver
    owners = sorted(obj.fields.get("<owner>", set()))
    frame.owner = owners[0] if owners else None
    s.active[code] = frame
    for _ in range(8):
        frame.grown = False
        before = len(frame.returns) + len(frame.yields)
        for name, value in frame.arguments.items():
            s.store(name, value, frame)
        if isinstance(code, ast.Lambda):
            frame.returns.update(evaluate.evaluate(s, code.body, frame))
        else:
            execute.execute_block(s, code.body, frame)
        if not frame.recursive or (not frame.grown and len(frame.returns) + len(frame.yields) == before):
            break
    del s.active[code]
    return frozenset(frame.returns | frame.yields)


def _parameters(s: Session, obj: Obj, code: FunctionNode, arguments: Arguments) -> dict[str, Value]:
    bound: dict[str, Value] = {}
    names = [argument.arg for argument in (*code.args.posonlyargs, *code.args.args)]
    rest = list(arguments.positional)
    for name in names:
        value = rest.pop(0) if rest else arguments.keywords.get(name)
        default = frozenset(obj.fields.get(f"<default {name}>", set()))
        bound[name] = value if value is not None and not arguments.extra else (value or default) | arguments.extra
    for argument in code.args.kwonlyargs:
        value = arguments.keywords.get(argument.arg)
        default = frozenset(obj.fields.get(f"<default {argument.arg}>", set()))
        bound[argument.arg] = (default if value is None else value) | arguments.extra
    if code.args.vararg:
        packed = s.make("container", "", (code, "*"))
        s.hold(packed, ELEMENTS, frozenset().union(*rest, arguments.extra))
        bound[code.args.vararg.arg] = frozenset({packed})
    if code.args.kwarg:
        packed = s.make("container", "builtins.dict", (code, "**"))
        known = {*names, *(argument.arg for argument in code.args.kwonlyargs)}
        left = (value for name, value in arguments.keywords.items() if name not in known)
        s.hold(packed, ELEMENTS, frozenset().union(*left, arguments.extra))
        bound[code.args.kwarg.arg] = frozenset({packed})
    return bound


def iterate(s: Session, value: Value, node: ast.AST) -> Value:
    """Iterate over a value: return its elements; iterators are used up by it."""
    found: set[Obj] = set()
    s.step(1 + len(value) // 4)
    for obj in sorted(value):
        if obj.kind == "iterator":
            found |= consume(s, obj)
        elif obj.kind == "instance":
            members = {m for n in ("__iter__", "__next__", "__getitem__", "__len__") for m in items.lookup(obj, n)[0]}
            for member in sorted(members):
                given = call_member(s, member, frozenset({obj}), Arguments(), node)
                for part in sorted(given):
                    found |= consume(s, part) if part.kind == "iterator" else contents({part}) | {part}
            if not members:
                found |= contents({obj})
            elif {m for m in given if m.kind == "instance"} - {obj}:
                found |= iterate(s, frozenset(m for m in given if m.kind == "instance" and m is not obj), node)
        elif obj.kind in {"container", "tuple"}:
            found |= contents({obj})
        elif obj.kind in {"library", "unknown"}:
            library.used(s, obj)
            found |= contents({obj}) | {obj, s.make("library", obj.type, (node, obj.root, "element"))}
            if obj.kind == "unknown":
                s.mutate({obj}, False)
        elif obj.kind == "class":
            found.add(obj)
    return frozenset(found)


def consume(s: Session, obj: Obj) -> Value:
    """Take elements from an iterator, generator or file: it changes, and so do the iterators that it draws on."""
    s.step()
    key = ("consumed", obj)
    s.mutate({obj}, True)
    if key in s.record.external:
        return contents({obj})
    s.record.external.add(key)
    sources = frozenset(obj.fields.get(SOURCES, set()))
    if isinstance(obj.node, ast.GeneratorExp) and obj.frame is not None:
        s.hold(obj, ELEMENTS, evaluate.run_comprehension(s, obj.node, obj.frame, sources))
    for function, arguments, receiver in s.generators.get(obj, []):
        if isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef):
            s.hold(obj, ELEMENTS, run_function(s, function, function.node, arguments, receiver))
    for source in sorted(sources):
        if source.kind in {"iterator", "instance", "unknown", "library"} and not isinstance(obj.node, ast.FunctionDef):
            given = iterate(s, frozenset({source}), obj.node or NOWHERE)
            rows = [(field[8:-1], held) for field, held in obj.fields.items() if field.startswith("<source ")]
            if not rows:
                s.hold(obj, ELEMENTS, given - {source})
            for position, held in rows:
                for row in sorted(contents({obj})) if source in held else ():
                    s.hold(row, position, given)
    for function_obj in sorted(obj.fields.get("<callbacks>", set())):
        elements = contents(sources) | contents({obj})
        s.hold(obj, ELEMENTS, call_value(s, function_obj, Arguments(extra=elements), function_obj.node or NOWHERE))
    s.record.external.discard(key)
    return contents({obj})


def touch(s: Session, value: Value) -> bool:
    """Run the double-underscore methods that an operator or a builtin may call on own instances."""
    instances = [obj for obj in sorted(value) if obj.kind == "instance"]
    for obj in instances:
        key = ("touched", obj, value)
        if key in s.record.external:
            continue
        s.record.external.add(key)
        for member in special_methods(obj):

            def run(member: Obj = member, obj: Obj = obj) -> None:
                call_member(s, member, frozenset({obj}), Arguments(extra=value), member.node or NOWHERE)

            s.alternatives(run)
    return bool(instances)


def special_methods(obj: Obj, names: frozenset[str] | None = frozenset()) -> list[Obj]:
    """Return the double-underscore methods of an own class and those of `names`; all methods for None."""
    found: set[Obj] = set()
    pending = sorted(obj.fields.get("<class>", set()))
    seen: set[Obj] = set()
    while pending:
        cls = pending.pop()
        if cls in seen:
            continue
        seen.add(cls)
        pending.extend(sorted(cls.fields.get("<bases>", set())))
        for name, members in cls.fields.items():
            special = name.startswith("__") and name.endswith("__") and name not in CONSTRUCTION
            if special or names is None or name in names:
                found |= {member for member in members if member.kind == "function"}
    return sorted(found)
