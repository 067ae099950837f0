"""Binds the metrics inside a statement to names, without computing more, less or in another order than the notebook."""

import ast
from dataclasses import dataclass

from tools.analysis.model import Span
from tools.plan.model import FunctionPlan, Returned
from tools.transform.context import FunctionContext, PackageContext
from tools.transform.edits import Edit, offsets
from tools.transform.purity import pure

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.If, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True)
class MetricPlace:
    """Where a metric is computed within its statement.

    Attributes:
        returned: The metric.
        span: Of its expression.
        line: The innermost statement that holds it.
        conditional: It may never be computed.
        before: It can be bound in front of `line`; else it is bound where it stands.
        bindable: It can be bound at all: not from inside a lambda.
    """

    returned: Returned
    span: Span
    line: ast.stmt
    conditional: bool
    before: bool
    bindable: bool

    @property
    def listed(self) -> bool:
        """It is computed several times, and every value is kept."""
        return self.returned.annotation.startswith("list[")


def metric_places(context: FunctionContext, identifier: str, tree: ast.Module) -> list[MetricPlace]:
    """Return the places of the metrics of a statement that no variable holds."""
    code = context.package.statements[identifier].code
    harmless = context.package.facts.statements[identifier].display_only
    found = []
    for returned in context.function.returns:
        span = _span(returned, identifier)
        if span is not None:
            found.append(_place(returned, span, tree, code, harmless))
    return found


def may_be_missing(package: PackageContext, function: FunctionPlan, returned: Returned) -> bool:
    """Tell whether a metric that is one number may never be computed, since it stands under a condition."""
    if not returned.metric or returned.annotation.startswith("list["):
        return False
    for identifier in function.statements:
        span = _span(returned, identifier)
        if span is not None:
            code = package.statements[identifier].code
            return _place(returned, span, ast.parse(code), code, harmless=True).conditional
    if "@" in returned.capture or any(p.variable == returned.variable for p in function.parameters):
        return False
    trees = [ast.parse(package.statements[i].code).body for i in function.statements]
    binds = any(_stores(node, returned.variable) for body in trees for node in body)
    return binds and not any(_bound_for_sure(body, returned.variable) for body in trees)


def edit_of(place: MetricPlace, code: str, hoisted: list[tuple[str, str]]) -> Edit:
    """Return the edit that binds a metric where it stands, or takes it out and leaves its name."""
    start, end = offsets(code, place.span)
    name, listed = place.returned.name, collected_name(place.returned.name)

    def take(text: str) -> str:
        hoisted.append((name, text))
        return name

    def bind(text: str) -> str:
        return f"({listed} := [*{listed}, {text}])[-1]" if place.listed else f"({name} := {text})"

    return Edit(start, end, take if place.before else bind)


def collected_name(name: str) -> str:
    """Return the name of the list that collects a metric: `accuracies`, `scores`, `rmse_values`."""
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}_values" if name.endswith(("s", "x")) or name[-1].isdigit() or len(name) < 5 else f"{name}s"


def _span(returned: Returned, identifier: str) -> Span | None:
    prefix, mark, place = returned.capture.partition("@")
    if not returned.metric or not mark or prefix != identifier:
        return None
    line, column, end_line, end_column = map(int, place.split("."))
    return line, column, end_line, end_column


def _place(returned: Returned, span: Span, tree: ast.Module, code: str, harmless: bool) -> MetricPlace:
    chain = _chain(tree.body[0], span)
    last = max(n for n, node in enumerate(chain) if isinstance(node, ast.stmt))
    line = chain[last]
    assert isinstance(line, ast.stmt)
    inner = list(zip(chain[last:], chain[last + 1 :], strict=False))
    skipped = any(_skips(parent, child, span) for parent, child in inner)
    repeated = isinstance(line, ast.While) or _is_elif(line, code)
    blocks = [n for n in chain[:last] if isinstance(n, _BLOCKS) and not isinstance(n, (ast.With, ast.AsyncWith))]
    start, _ = offsets(code, (line.lineno, line.col_offset, line.lineno, line.col_offset))
    alone = not code[code.rfind("\n", 0, start) + 1 : start].strip()
    nested = any(isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) for n in chain)
    before = not (skipped or repeated or nested) and alone and (harmless or not _overtakes(line, chain, span))
    scoped = any(isinstance(parent, ast.Lambda) for parent, _ in inner) or any(
        isinstance(parent, _COMPREHENSIONS) and isinstance(child, ast.comprehension) and _in_iterable(child, span)
        for parent, child in inner
    )
    conditional = bool(blocks) or skipped or repeated or nested
    return MetricPlace(returned, span, line, conditional, before, before or not (scoped or nested))


def _chain(node: ast.AST, span: Span) -> list[ast.AST]:
    """Return the nodes around a span from a statement inwards."""
    chain = [node]
    while True:
        inner = next((child for child in _parts(chain[-1]) if _holds(child, span)), None)
        if inner is None:
            return chain
        chain.append(inner)


def _parts(node: ast.AST) -> list[ast.AST]:
    """Return the children of a node, those that have no place in the source replaced by theirs."""
    return [
        part
        for child in ast.iter_child_nodes(node)
        for part in ([child] if hasattr(child, "lineno") or isinstance(child, ast.comprehension) else _parts(child))
    ]


def _holds(node: ast.AST, span: Span) -> bool:
    if isinstance(node, ast.comprehension):
        return any(_holds(part, span) for part in (node.iter, *node.ifs))
    if not hasattr(node, "lineno"):
        return False
    first = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    last = (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))
    return first <= span[:2] and last >= span[2:]


def _skips(parent: ast.AST, child: ast.AST, span: Span) -> bool:
    """Tell whether an expression evaluates a part of it only under a condition, or several times."""
    match parent:
        case ast.IfExp(test=test):
            return child is not test
        case ast.BoolOp(values=values):
            return child is not values[0]
        case ast.Lambda():
            return True
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            first = parent.generators[0]
            return child is not first or not _in_iterable(first, span)
        case _:
            return False


def _in_iterable(part: ast.comprehension, span: Span) -> bool:
    return _holds(part.iter, span)


def _is_elif(line: ast.stmt, code: str) -> bool:
    start, _ = offsets(code, (line.lineno, line.col_offset, line.lineno, line.col_offset))
    return isinstance(line, ast.If) and code[start:].startswith("elif")


def _overtakes(line: ast.stmt, chain: list[ast.AST], span: Span) -> bool:
    """Tell whether a statement does something before it computes a metric, so that the metric cannot come first."""
    blocks = ("body", "orelse", "finalbody", "handlers", "cases")
    bodies = {id(n) for name in blocks for s in _list(line, name) for n in ast.walk(s)}
    return any(
        isinstance(node, (ast.Call, ast.NamedExpr, ast.Await))
        and id(node) not in bodies
        and all(node is not around for around in chain)
        and (node.end_lineno or 0, node.end_col_offset or 0) <= span[:2]
        and not pure(node)
        for node in ast.walk(line)
    )


def _list(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, [])
    return found if isinstance(found, list) else []


def _stores(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(node))


def _bound_for_sure(body: list[ast.stmt], name: str) -> bool:
    """Tell whether a block binds a name whatever its conditions are; loops are taken to run."""
    for node in body:
        match node:
            case ast.If():
                bound = _bound_for_sure(node.body, name) and _bound_for_sure(node.orelse, name)
            case ast.Try() | ast.TryStar():
                handlers = all(
                    _bound_for_sure(h.body, name) or isinstance(h.body[-1], ast.Raise) for h in node.handlers
                )
                bound = _bound_for_sure([*node.body, *node.orelse], name) and handlers
                bound = bound or _bound_for_sure(node.finalbody, name)
            case ast.Match():
                bound = False
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
                head = [getattr(node, "target", None), *_list(node, "items")]
                bound = _bound_for_sure(node.body, name) or any(_stores(h, name) for h in head if h is not None)
            case _:
                bound = _stores(node, name)
        if bound:
            return True
    return False
