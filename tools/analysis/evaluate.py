"""Abstract evaluation of expressions: which objects a value may be, and what evaluating it reads and changes."""

import ast

from tools.analysis import calls, items
from tools.analysis.heap import ELEMENTS, NOTHING, SOURCES, Frame, Obj, Value, contents
from tools.analysis.scopes import FunctionNode, comprehension_reads, definition_time
from tools.analysis.session import Session


def evaluate(s: Session, node: ast.expr | None, frame: Frame) -> Value:
    """Return what an expression may be."""
    if node is None or isinstance(node, ast.Constant):
        return NOTHING
    s.step()
    if isinstance(node, ast.Name):
        return s.load(node.id, frame)
    if isinstance(node, ast.Call):
        return calls.call(s, node, frame)
    if isinstance(node, ast.Attribute):
        return items.attribute(s, evaluate(s, node.value, frame), node.attr, node)
    if isinstance(node, ast.Subscript):
        base = evaluate(s, node.value, frame)
        return items.item(s, base, evaluate(s, node.slice, frame), node)
    if isinstance(node, ast.Lambda):
        return frozenset({make_function(s, node, frame)})
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
        return _comprehension(s, node, frame)
    if isinstance(node, ast.GeneratorExp):
        return _generator(s, node, frame)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _display(s, node, frame)
    if isinstance(node, ast.Dict):
        obj = s.make("container", "builtins.dict", node)
        for key, value in zip(node.keys, node.values, strict=True):
            held = evaluate(s, value, frame)
            s.hold(obj, ELEMENTS, evaluate(s, key, frame) | (held if key is not None else contents(held)))
        return frozenset({obj})
    return _operation(s, node, frame)


def _operation(s: Session, node: ast.expr, frame: Frame) -> Value:
    if isinstance(node, ast.BinOp):
        return operate(s, evaluate(s, node.left, frame), evaluate(s, node.right, frame), node)
    if isinstance(node, ast.Compare):
        value = evaluate(s, node.left, frame)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            other = evaluate(s, comparator, frame)
            if isinstance(operator, ast.In | ast.NotIn):
                calls.iterate(s, other, node)
            value = operate(s, value, other, node) if not isinstance(operator, ast.Is | ast.IsNot) else NOTHING
        return frozenset(obj for obj in value if obj.kind in {"library", "unknown"})
    if isinstance(node, ast.UnaryOp):
        value = evaluate(s, node.operand, frame)
        return (
            NOTHING if isinstance(node.op, ast.Not) and not calls.touch(s, value) else operate(s, value, NOTHING, node)
        )
    if isinstance(node, ast.BoolOp):
        results = [evaluate(s, node.values[0], frame)]
        for value_node in node.values[1:]:

            def operand(value_node: ast.expr = value_node) -> None:
                results.append(evaluate(s, value_node, frame))

            s.alternatives(operand, lambda: None)
        return _union(results)
    if isinstance(node, ast.IfExp):
        evaluate(s, node.test, frame)
        results = []
        s.alternatives(
            lambda: results.append(evaluate(s, node.body, frame)),
            lambda: results.append(evaluate(s, node.orelse, frame)),
        )
        return _union(results)
    if isinstance(node, ast.NamedExpr):
        value = evaluate(s, node.value, frame)
        s.store(node.target.id, value, frame)
        return value
    if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
        value = evaluate(s, node.value, frame)
        if isinstance(node, ast.Await):
            return value | contents(value)
        if isinstance(node, ast.YieldFrom):
            value = calls.iterate(s, value, node)
        frame.yields.update(value)
        return NOTHING
    if isinstance(node, ast.Slice):
        for part in (node.lower, node.upper, node.step):
            evaluate(s, part, frame)
        return NOTHING
    for child in ast.iter_child_nodes(node):  # f-strings, starred expressions
        if isinstance(child, ast.expr):
            value = evaluate(s, child, frame)
            calls.touch(s, value)
            if isinstance(node, ast.Starred):
                return value
    return NOTHING


def operate(s: Session, left: Value, right: Value, node: ast.AST) -> Value:
    """Return the result of an operator: a new object that holds the elements of its operands."""
    calls.touch(s, left | right)
    both = left | right
    if not both or all(obj.kind in {"function", "class"} for obj in both):
        return both
    if any(obj.kind in {"container", "tuple"} for obj in both):
        result = s.make("container", "", node)
    else:
        roots = sorted({obj.root for obj in both if obj.kind in {"library", "unknown"}})
        result = s.make("library", f"{roots[0]}." if roots else "numpy.", node)
    s.hold(result, ELEMENTS, shared_elements(both))
    if any(obj.kind in {"instance", "unknown", "function", "class"} for obj in both):
        return both | {result}
    return frozenset({result})


def shared_elements(value: Value) -> Value:
    """Return what a copy of a value still shares with it: elements of containers, not the data of arrays."""
    return frozenset(
        held
        for obj in value
        for held in contents({obj})
        if obj.kind != "library" or held.kind in {"container", "tuple", "instance", "unknown", "iterator"}
    )


def make_function(s: Session, node: FunctionNode, frame: Frame) -> Obj:
    """Return the object that a `def` or lambda creates, after evaluating what runs at its definition."""
    obj = s.make("function", "", node)
    obj.node = node
    obj.frame = frame
    scope: Frame | None = frame
    while scope is not None and scope.kind != "module":
        if scope.scope is None:
            scope.scope = s.make("scope", "", ("scope", scope.serial))
        scope = scope.parent
    positional = [*node.args.posonlyargs, *node.args.args]
    for argument, default in zip(
        positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True
    ):
        s.hold(obj, f"<default {argument.arg}>", evaluate(s, default, frame))
    for argument, keyword_default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        s.hold(obj, f"<default {argument.arg}>", evaluate(s, keyword_default, frame))
    for part in definition_time(node):
        if (
            part not in node.args.defaults
            and part not in node.args.kw_defaults
            and not (not isinstance(node, ast.Lambda) and part in node.decorator_list)
        ):
            evaluate(s, part, frame)
    return obj


def _display(s: Session, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Value:
    obj = s.make("tuple" if isinstance(node, ast.Tuple) else "container", "", node)
    starred = any(isinstance(element, ast.Starred) for element in node.elts)
    for position, element in enumerate(node.elts):
        value = evaluate(s, element, frame)
        if isinstance(element, ast.Starred):
            value = calls.iterate(s, value, element)
        s.hold(obj, ELEMENTS if starred or not isinstance(node, ast.Tuple) else str(position), value)
    return frozenset({obj})


def _comprehension(s: Session, node: ast.ListComp | ast.SetComp | ast.DictComp, frame: Frame) -> Value:
    obj = s.make("container", "builtins.dict" if isinstance(node, ast.DictComp) else "", node)
    first = evaluate(s, node.generators[0].iter, frame)
    s.hold(obj, ELEMENTS, run_comprehension(s, node, frame, first))
    return frozenset({obj})


def _generator(s: Session, node: ast.GeneratorExp, frame: Frame) -> Value:
    obj = s.make("iterator", "", node)
    obj.node, obj.frame = node, frame
    s.hold(obj, SOURCES, evaluate(s, node.generators[0].iter, frame))
    reads, _ = comprehension_reads(node)
    for name in sorted(reads):  # the scope of the expression must have them
        s.load(name, frame)
    return frozenset({obj})


def run_comprehension(
    s: Session, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, frame: Frame, first: Value
) -> Value:
    """Run a comprehension over what its first iterable is; return what its elements may be."""
    targets = {
        part.id
        for generator in node.generators
        for part in ast.walk(generator.target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    inner = s.scope("comprehension", frame, frozenset(targets), node)
    found: set[Obj] = set()

    def body() -> None:
        for position, generator in enumerate(node.generators):
            source = evaluate(s, generator.iter, inner) if position else first
            items.bind(s, generator.target, calls.iterate(s, source, generator.iter), inner)
            for condition in generator.ifs:
                evaluate(s, condition, inner)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for part in parts:
            found.update(evaluate(s, part, inner))

    s.repeat(body)
    return frozenset(found)


def _union(values: list[Value]) -> Value:
    return frozenset().union(*values)
