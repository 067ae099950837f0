"""One statement of the notebook as lines of a function: settings, metrics, names and calls replaced in place."""

import ast
from collections.abc import Mapping

from tools.plan.model import FunctionPlan, Returned
from tools.transform.context import FunctionContext
from tools.transform.edits import Edit, apply_edits, offsets


def rewrite_statement(
    context: FunctionContext, identifier: str, names: Mapping[str, str], stored: Mapping[str, str]
) -> list[str]:
    """Return the statement's code after all replacements, as separate pieces of source, the author's comments kept.

    Args:
        context: Of the function.
        identifier: Of the statement.
        names: New names of notebook variables, by old name.
        stored: New names of variables that this statement is the first to bind: reads in it still mean the old thing.
    """
    statement = context.package.statements[identifier]
    code = statement.code
    tree = ast.parse(code)
    node = tree.body[0]
    metrics = _metric_spans(context, identifier)
    shown = isinstance(node, ast.Expr) and bool(metrics)
    hoisted: list[tuple[str, str]] = []
    edits = [*_setting_edits(context, identifier, code), *_name_edits(code, tree, names, stored, context)]
    edits += _call_edits(code, tree, context)
    looped = [(returned, span) for returned, span in metrics if not _is_top(node, returned)]
    for returned, span in metrics:
        start, end = offsets(code, span)

        def take(text: str, name: str = returned.name) -> str:
            hoisted.append((name, text))
            return name

        edits.append(Edit(start, end, take))
    if looped and not shown:
        return _collected(context, code, tree, edits, looped, hoisted, statement.source)
    changed = apply_edits(code, edits)
    comments, trailing = around(statement.source, code)
    if shown:
        typed = {r.name for r, _ in metrics if r.annotation == "float"} if context.package.hardened else set()
        lines = [
            f"{name}{': float' if name in typed else ''} = {text}" if "\n" not in text else f"{name} = ({text})"
            for name, text in hoisted
        ]
        return [comments + lines[0] + trailing, *lines[1:]]
    if hoisted:
        return [*(f"{name} = {text}" for name, text in hoisted), comments + changed + trailing]
    return [comments + changed + trailing]


def around(source: str, code: str) -> tuple[str, str]:
    """Return the comments above a statement's code and the one behind it."""
    start = source.find(code)
    return (source[:start], source[start + len(code) :]) if start >= 0 else ("", "")


def _is_top(node: ast.stmt, returned: Returned) -> bool:
    return not isinstance(node, (ast.For, ast.While, ast.With, ast.If, ast.Try, ast.AsyncFor))


def _metric_spans(context: FunctionContext, identifier: str) -> list[tuple[Returned, tuple[int, int, int, int]]]:
    found = []
    for returned in context.function.returns:
        prefix, mark, place = returned.capture.partition("@")
        if returned.metric and mark and prefix == identifier:
            line, column, end_line, end_column = map(int, place.split("."))
            found.append((returned, (line, column, end_line, end_column)))
    return found


def _setting_edits(context: FunctionContext, identifier: str, code: str) -> list[Edit]:
    edits = []
    for span, key in context.package.places.get(identifier, ()):
        name = context.setting_name(key)
        if name:
            start, end = offsets(code, span)
            edits.append(Edit(start, end, lambda _, text=name: text))  # type: ignore[misc]
    return edits


def _name_edits(
    code: str, tree: ast.AST, names: Mapping[str, str], stored: Mapping[str, str], context: FunctionContext
) -> list[Edit]:
    """Rename variables: reads of plain settings become the parameter, others as asked for."""
    wanted = dict(names)
    for parameter in context.function.parameters:
        setting = context.package.settings.get(parameter.setting)
        if setting and setting.variable and setting.variable != context.expression(parameter):
            wanted[setting.variable] = context.expression(parameter)
    if not wanted and not stored:
        return []
    edits = []
    bound_inside = {
        a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in ast.walk(n) if isinstance(a, ast.arg)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id in bound_inside:
            continue
        new = wanted.get(node.id) or (stored.get(node.id) if isinstance(node.ctx, ast.Store) else None)
        if new:
            start, end = offsets(code, (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0))
            edits.append(Edit(start, end, lambda _, text=new: text))  # type: ignore[misc]
    return edits


def _call_edits(code: str, tree: ast.AST, context: FunctionContext) -> list[Edit]:
    """Pass hoisted functions what used to be globals: by keyword in a call, by `partial` where they are a value."""
    edits = []
    called = {id(n.func): n for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
            continue
        author = context.package.authors.get(node.id)
        if author is None or not (author.parameters or author.name != node.id):
            continue
        start, end = offsets(code, (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0))
        if author.name != node.id and (id(node) in called or not author.parameters):
            edits.append(Edit(start, end, lambda _, text=author.name: text))  # type: ignore[misc]
        if not author.parameters:
            continue
        passed = ", ".join(f"{p.name}={passed_as(context, author, p.name)}" for p in author.parameters)
        call = called.get(id(node))
        if call is None:
            text = f"partial({author.name}, {passed})"
            edits.append(Edit(start, end, lambda _, text=text: text))  # type: ignore[misc]
            continue
        _, end = offsets(code, (call.lineno, call.col_offset, call.end_lineno or 0, call.end_col_offset or 0))
        inside = code[: end - 1].rstrip()
        comma = "" if inside.endswith((",", "(")) else ", "
        edits += _parenthesised_generator(code, call)
        edits.append(Edit(end - 1, end - 1, lambda _, text=comma + passed: text))  # type: ignore[misc]
    return edits


def _parenthesised_generator(code: str, call: ast.Call) -> list[Edit]:
    """Put the only argument of a call in parentheses of its own where it is a generator that shares those of the call."""
    if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.GeneratorExp):
        return []
    inner = call.args[0]
    first, last = offsets(code, (inner.lineno, inner.col_offset, inner.end_lineno or 0, inner.end_col_offset or 0))
    _, end = offsets(code, (call.lineno, call.col_offset, call.end_lineno or 0, call.end_col_offset or 0))
    if last != end:
        return []
    return [Edit(first, first, lambda _: "("), Edit(end - 1, end - 1, lambda _: ")")]


def passed_as(context: FunctionContext, author: FunctionPlan, name: str) -> str:
    """Return the expression by which the function at hand passes a parameter of an author's function."""
    wanted = next(p for p in author.parameters if p.name == name)
    for parameter in context.function.parameters:
        if wanted.setting and parameter.setting == wanted.setting:
            return context.expression(parameter)
        if wanted.variable and parameter.variable == wanted.variable:
            return parameter.name
    return wanted.variable or wanted.name


def _collected(
    context: FunctionContext,
    code: str,
    tree: ast.Module,
    edits: list[Edit],
    looped: list[tuple[Returned, tuple[int, int, int, int]]],
    hoisted: list[tuple[str, str]],
    source: str,
) -> list[str]:
    """Collect metrics that are computed inside a block: each value is bound and appended in front of its line."""
    inserted: list[Edit] = []
    for returned, span in looped:
        line = _simple_statement(tree, span)
        start, _ = offsets(code, (line.lineno, line.col_offset, line.lineno, line.col_offset))
        indent = " " * line.col_offset
        name, listed = returned.name, collected_name(returned.name)
        context.collected[returned.name] = listed

        def before(_: str, name: str = name, listed: str = listed, indent: str = indent) -> str:
            text = next(text for found, text in hoisted if found == name)
            return f"{name} = {text}\n{indent}{listed}.append({name})\n{indent}"

        inserted.append(Edit(start, start, before))
    # the expressions must be seen before the insertions in front of their lines are made
    apply_edits(code, edits)
    changed = apply_edits(code, [*edits, *inserted])
    comments, trailing = around(source, code)
    types = {collected_name(r.name): r.annotation for r, _ in looped}
    starts = [
        f"{listed}: {types.get(listed, 'list[Any]')} = []" if context.package.hardened else f"{listed} = []"
        for listed in dict.fromkeys(context.collected.values())
    ]
    return [*starts, comments + changed + trailing]


def collected_name(name: str) -> str:
    """Return the name of the list that collects a metric: `accuracies`, `scores`, `rmse_values`."""
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}_values" if name.endswith(("s", "x")) or name[-1].isdigit() or len(name) < 5 else f"{name}s"


def _simple_statement(tree: ast.Module, span: tuple[int, int, int, int]) -> ast.stmt:
    """Return the innermost statement that holds a span."""
    best: ast.stmt = tree.body[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            first, last = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
            if first <= span[:2] and last >= span[2:] and first >= (best.lineno, best.col_offset):
                best = node
    return best
