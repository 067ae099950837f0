"""Abstract execution of statements."""

import ast
from collections.abc import Sequence
from functools import partial

from tools.analysis import calls, items
from tools.analysis.evaluate import evaluate, make_function, operate
from tools.analysis.heap import ELEMENTS, NOTHING, Binding, Frame, Obj, Value, contents, reach
from tools.analysis.scopes import FunctionNode, import_name, pattern_names
from tools.analysis.session import Session

SILENT_DECORATORS = frozenset(
    {"property", "staticmethod", "classmethod", "setter", "getter", "deleter", "cached_property", "abstractmethod"}
)


def execute_block(s: Session, body: Sequence[ast.stmt], frame: Frame) -> None:
    """Execute statements one after the other; what follows an early exit on some path may not run."""
    for position, node in enumerate(body):
        execute(s, node, frame)
        if position + 1 < len(body) and _may_leave(node):
            s.alternatives(lambda: execute_block(s, body[position + 1 :], frame), lambda: None)  # noqa: B023
            return


def _may_leave(node: ast.stmt) -> bool:
    """Tell whether a compound statement may end the function or the loop that it stands in."""
    if not isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match):
        return False
    return any(isinstance(part, ast.Return | ast.Break | ast.Continue) for part in _own_nodes(node))


def _own_nodes(node: ast.AST) -> list[ast.AST]:
    """Return the nodes of a statement without those of functions and classes defined in it."""
    found: list[ast.AST] = []
    pending = [node]
    while pending:
        current = pending.pop()
        found.append(current)
        if current is not node and isinstance(current, FunctionNode | ast.ClassDef):
            continue
        pending.extend(ast.iter_child_nodes(current))
    return found


def is_generator(node: FunctionNode) -> bool:
    """Tell whether calling a function gives a generator."""
    known = getattr(node, "_is_generator", None)
    if known is None:
        known = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in _own_nodes(node))
        node._is_generator = known  # type: ignore[union-attr]
    return bool(known)


def declared_globals(node: FunctionNode) -> frozenset[str]:
    """Return the names that a function declares `global` itself."""
    return frozenset(name for part in _own_nodes(node) if isinstance(part, ast.Global) for name in part.names)


def execute(s: Session, node: ast.stmt, frame: Frame) -> None:
    """Execute one statement."""
    if isinstance(node, ast.Expr):
        value = evaluate(s, node.value, frame)
        if frame.kind == "module":
            calls.touch(s, value)  # its representation may be shown
    elif isinstance(node, ast.Assign):
        _assign(s, node, frame)
    elif isinstance(node, ast.AugAssign):
        _augment(s, node, frame)
    elif isinstance(node, ast.AnnAssign):
        evaluate(s, node.annotation, frame)
        if node.value is not None:
            items.bind(s, node.target, evaluate(s, node.value, frame), frame)
    elif isinstance(node, ast.Return):
        frame_of_call(frame).returns.update(evaluate(s, node.value, frame))
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        _define_function(s, node, frame)
    elif isinstance(node, ast.ClassDef):
        _define_class(s, node, frame)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        _import(s, node, frame)
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            _delete(s, target, frame)
    elif isinstance(node, ast.Global | ast.Nonlocal | ast.Pass | ast.Break | ast.Continue):
        return
    else:
        _compound(s, node, frame)


def frame_of_call(frame: Frame) -> Frame:
    """Return the frame of the function that a statement stands in."""
    while frame.kind in {"comprehension", "class"} and frame.parent is not None:
        frame = frame.parent
    return frame


def _assign(s: Session, node: ast.Assign, frame: Frame) -> None:
    first = node.targets[0]
    if (
        len(node.targets) == 1
        and isinstance(first, ast.Tuple | ast.List)
        and isinstance(node.value, ast.Tuple | ast.List)
        and len(first.elts) == len(node.value.elts)
        and not any(isinstance(part, ast.Starred) for part in (*first.elts, *node.value.elts))
    ):
        values = [evaluate(s, part, frame) for part in node.value.elts]
        for target, value in zip(first.elts, values, strict=True):
            items.bind(s, target, value, frame)
        return
    value = evaluate(s, node.value, frame)
    for target in node.targets:
        items.bind(s, target, value, frame)
    if frame.kind == "module" and not s.conditional:
        s.note_constant(node)


def _augment(s: Session, node: ast.AugAssign, frame: Frame) -> None:
    before = items.locate(s, node.target, frame)
    value = evaluate(s, node.value, frame)
    result = operate(s, before, value, node)
    elements = contents(value)
    for obj in sorted(before):
        if obj.kind == "container":
            calls.iterate(s, value, node)
            s.hold(obj, ELEMENTS, elements)
            s.mutate({obj}, len(before) == 1)
        elif obj.kind in {"library", "unknown", "iterator"}:
            s.hold(obj, ELEMENTS, elements if obj.kind == "unknown" else ())
            s.mutate({obj}, False)
    if isinstance(node.target, ast.Name):
        s.store(node.target.id, before | result, frame)
    else:
        items.bind(s, node.target, before | result, frame)


def _define_function(s: Session, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    obj = make_function(s, node, frame)
    value: Value = frozenset({obj})
    for part in reversed(node.decorator_list):
        inner = part.func if isinstance(part, ast.Call) else part
        name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")
        decorator = evaluate(s, part, frame)
        if name in SILENT_DECORATORS:
            if name in {"setter", "getter", "deleter"}:
                value |= s.load(node.name, frame)
            continue
        for target in sorted(decorator):
            if target.kind == "reference" or target.kind == "library":
                continue  # a library's decorator: the function stays what it does
            value = calls.call_value(s, target, calls.Arguments((value,)), part) or value
    s.store(node.name, value, frame)


def _define_class(s: Session, node: ast.ClassDef, frame: Frame) -> None:
    obj = s.make("class", node.name, node)
    for base in node.bases:
        s.hold(obj, "<bases>", evaluate(s, base, frame))
    for keyword in node.keywords:
        s.hold(obj, "<bases>", evaluate(s, keyword.value, frame))
    inner = s.scope("class", frame, None)
    execute_block(s, node.body, inner)
    for name, binding in inner.variables.items():
        for member in binding.value:
            if member.kind == "function":
                s.hold(member, "<owner>", {obj})
        s.hold(obj, name, binding.value)
    value: Value = frozenset({obj})
    for part in reversed(node.decorator_list):
        for target in sorted(evaluate(s, part, frame)):
            if target.kind not in {"reference", "library"}:
                value = calls.call_value(s, target, calls.Arguments((value,)), part) or value
    s.store(node.name, value, frame)


def _import(s: Session, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
    for variable in ("<sys.path>", "<environ>", "<cwd>", "<patched libraries>"):
        s.read_state(variable)
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            if alias.name == "*":
                names = s.star_names(module)
                if names is None:
                    s.stars.append(s.statement)
                for name in names or ():
                    s.store(name, frozenset({s.reference(f"{module}.{name}")}), frame)
            else:
                s.store(import_name(alias), s.imported(f"{module}.{alias.name}"), frame)
        else:
            s.store(import_name(alias), s.imported(alias.name if alias.asname else import_name(alias)), frame)


def _delete(s: Session, target: ast.expr, frame: Frame) -> None:
    if isinstance(target, ast.Name):
        s.delete(target.id, frame)
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            _delete(s, element, frame)
    elif isinstance(target, ast.Attribute):
        items.store_part(s, items.locate(s, target.value, frame), target.attr, NOTHING)
    elif isinstance(target, ast.Subscript):
        base = items.locate(s, target.value, frame)
        evaluate(s, target.slice, frame)
        for obj in sorted(base):
            if obj.kind == "instance":
                for member in sorted(items.lookup(obj, "__delitem__")[0]):
                    calls.call_member(s, member, frozenset({obj}), calls.Arguments(), target)
        items.store_part(s, base, None, NOTHING)


def _compound(s: Session, node: ast.stmt, frame: Frame) -> None:
    if isinstance(node, ast.If):
        calls.touch(s, evaluate(s, node.test, frame))
        s.alternatives(lambda: execute_block(s, node.body, frame), lambda: execute_block(s, node.orelse, frame))
    elif isinstance(node, ast.For | ast.AsyncFor):
        source = evaluate(s, node.iter, frame)

        def loop() -> None:
            items.bind(s, node.target, calls.iterate(s, source, node.iter), frame)
            execute_block(s, node.body, frame)

        s.repeat(loop)
        s.alternatives(lambda: execute_block(s, node.orelse, frame), lambda: None)
    elif isinstance(node, ast.While):
        calls.touch(s, evaluate(s, node.test, frame))

        def again() -> None:
            execute_block(s, node.body, frame)
            evaluate(s, node.test, frame)

        s.repeat(again)
        s.alternatives(lambda: execute_block(s, node.orelse, frame), lambda: None)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            value = evaluate(s, item.context_expr, frame)
            entered = _enter(s, value, item.context_expr)
            if item.optional_vars is not None:
                items.bind(s, item.optional_vars, entered, frame)
        execute_block(s, node.body, frame)
    elif isinstance(node, ast.Try | ast.TryStar):
        _try(s, node, frame)
    elif isinstance(node, ast.Match):
        subject = evaluate(s, node.subject, frame)
        calls.touch(s, subject)
        s.alternatives(*(lambda c=case: _case(s, c, subject, frame) for case in node.cases), lambda: None)
    else:
        for part in ast.iter_child_nodes(node):  # raise, assert
            if isinstance(part, ast.expr):
                calls.touch(s, evaluate(s, part, frame))


def _enter(s: Session, value: Value, node: ast.expr) -> Value:
    found: set[Obj] = set()
    for obj in sorted(value):
        if obj.kind == "instance":
            for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                for member in sorted(items.lookup(obj, name)[0]):
                    found |= calls.call_member(s, member, frozenset({obj}), calls.Arguments(), node)
        if obj.kind == "iterator":
            found |= calls.consume(s, obj)
        found |= {obj} | contents({obj})
    return frozenset(found)


def _try(s: Session, node: ast.Try | ast.TryStar, frame: Frame) -> None:
    s.read_state("<warnings>")
    s.read_state("<raised warnings>")

    def attempt() -> None:
        for part in node.body:  # any of them may be the last that runs
            s.alternatives(partial(execute, s, part, frame), lambda: None)

    attempt()
    for handler in node.handlers:

        def handle(handler: ast.ExceptHandler = handler) -> None:
            evaluate(s, handler.type, frame)
            if handler.name:
                s.store(handler.name, frozenset({s.make("unknown", "builtins.Exception", handler)}), frame)
            execute_block(s, handler.body, frame)
            if handler.name:
                s.delete(handler.name, frame)

        s.alternatives(handle, lambda: None)
    s.alternatives(lambda: execute_block(s, node.orelse, frame), lambda: None)
    execute_block(s, node.finalbody, frame)


def _case(s: Session, case: ast.match_case, subject: Value, frame: Frame) -> None:
    for part in ast.walk(case.pattern):
        if isinstance(part, ast.expr):
            evaluate(s, part, frame)
    inside = subject | contents(subject)
    for _ in range(3):
        inside = inside | contents(inside)
    for name in sorted(pattern_names(case.pattern)):
        packed = s.make("container", "", (case, name))
        s.hold(packed, ELEMENTS, inside)
        s.store(name, inside | {packed}, frame)
    evaluate(s, case.guard, frame)
    execute_block(s, case.body, frame)


def reads_everything(s: Session, changes: bool) -> None:
    """Follow an opaque statement: it may read every variable and, unless a trace tells more, change and bind it."""
    values = {name: s.load_global(name) for name in sorted(s.module.variables)}
    everything = reach(frozenset().union(*values.values()))
    blob = s.make("unknown", "", "everything")  # what any variable or element may be from here on
    s.blob = blob
    for obj in sorted(everything):
        if obj.kind not in {"reference", "unknown"}:
            s.hold(obj, "*" if obj.kind in {"instance", "class", "function"} else ELEMENTS, {blob})
    s.hold(blob, ELEMENTS, everything)
    if changes:
        s.mutate_deep({blob})
        s.stars.append(s.statement)
    for name, value in values.items():
        before = s.module.variables[name]
        if value and all(obj.kind == "reference" for obj in value):
            continue  # modules and what was imported from them
        definitions = before.definitions | {s.statement} if changes else before.definitions
        s.assign(s.module, name, Binding(value | {blob}, definitions))
        s.record.bound.setdefault(name, False)
    for variable in sorted(s.state):
        s.read_state(variable)


def gives_up(s: Session, reads: Sequence[str], binds: Sequence[str], changes: bool) -> None:
    """Follow a statement that takes too much work: what it reaches may be anything of the same afterwards."""
    reached: set[Obj] = set()
    pending, seen = [*reads, *s.record.reads], set(reads)
    written = set(binds) | set(s.record.bound)
    while pending:
        name = pending.pop()
        for obj in s.reach(s.load_global(name)):
            reached.add(obj)
            if isinstance(obj.node, FunctionNode):
                free = s.free_names(obj.node)
                written |= free.global_writes
                pending.extend(sorted(free.reads - seen))
                seen |= free.reads
    values = sorted(obj for obj in reached if obj.kind not in {"reference", "function", "class", "method"})
    blob = s.make("unknown", "", "reached")
    s.hold(blob, ELEMENTS, values)
    for obj in values:
        s.hold(obj, "*" if obj.kind == "instance" else ELEMENTS, {blob})
    if changes:
        s.mutate_deep({blob})
        for generator in ("random", "numpy", "torch", "tensorflow"):
            s.draw(generator)
    for name in sorted(written if changes else set(binds)):  # a trace tells what else it bound
        before = s.module.variables.get(name, Binding())
        s.record.bound.setdefault(name, False)
        s.assign(s.module, name, Binding(before.value | {blob}, before.definitions | {s.statement}))
