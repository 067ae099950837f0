"""One statement of the notebook as lines of a function: settings, metrics, names and calls replaced in place."""

import ast
import builtins
import io
import tokenize
from collections.abc import Mapping, Sequence

from tools.plan.model import FunctionPlan, Setting
from tools.transform.context import FunctionContext
from tools.transform.edits import Edit, apply_edits, offsets
from tools.transform.evaluation_order import read_after_binding
from tools.transform.hidden_names import hidden_names
from tools.transform.metric_edits import MetricPlace, collected_name, edit_of, metric_places


def rewrite_statement(
    context: FunctionContext, identifier: str, names: Mapping[str, str], stored: Mapping[str, str]
) -> list[str]:
    """Return the statement's code after all replacements, as separate pieces of source, the author's comments kept.

    Args:
        context: Of the function.
        identifier: Of the statement.
        names: New names of notebook variables, by old name.
        stored: New names of variables that this statement is the first to bind: what it read before keeps its name.
    """
    statement = context.package.statements[identifier]
    code = statement.code
    tree = ast.parse(code)
    node = tree.body[0]
    places = metric_places(context, identifier, tree)
    hoisted: list[tuple[str, str]] = []
    edits = [*_setting_edits(context, identifier, code), *_name_edits(code, tree, names, stored, context, identifier)]
    edits += _call_edits(code, tree, context)
    edits += [edit_of(place, code, hoisted) for place in places if place.bindable]
    starts = _starts(context, places)
    comments, trailing = around(statement.source, code)
    if any(place.before and place.line is not node for place in places):
        changed = _bound_inside(code, edits, places, hoisted)
    else:
        changed = apply_edits(code, edits)
    typed = {p.returned.name for p in places if p.returned.annotation == "float"} if context.package.hardened else set()
    top = {p.returned.name: p for p in places if p.before and p.line is node}
    bound = [
        f"{name}{': float' if name in typed and not top[name].conditional else ''} = {_grouped(text)}"
        for name, text in hoisted
        if name in top
    ]
    bound += [f"{collected_name(name)} = [{name}]" for name, place in top.items() if place.listed]
    shown = isinstance(node, ast.Expr) and bool(bound)
    harmless = context.package.facts.statements[identifier].display_only
    if shown and harmless and all(place.before for place in places):
        return [*starts, comments + bound[0] + trailing, *bound[1:]]
    return [*starts, *bound, comments + changed + trailing]


def _starts(context: FunctionContext, places: Sequence[MetricPlace]) -> list[str]:
    """Return the lines that give metrics that may never be computed a value to begin with: not a number, or none."""
    lines: list[str] = []
    for place in places:
        returned, hardened = place.returned, context.package.hardened
        if place.listed and not (place.before and not place.conditional):
            kind = f": {returned.annotation}" if hardened else ""
            lines.append(f"{collected_name(returned.name)}{kind} = []")
        elif place.conditional:
            lines.append(f'{returned.name}{": float" if hardened else ""} = float("nan")')
    return list(dict.fromkeys(lines))


def _bound_inside(
    code: str, edits: Sequence[Edit], places: Sequence[MetricPlace], hoisted: list[tuple[str, str]]
) -> str:
    """Bind metrics that are computed inside a block in front of their lines."""
    inserted: list[Edit] = []
    for place in places:
        if not place.before:
            continue
        start, _ = offsets(code, (place.line.lineno, place.line.col_offset, place.line.lineno, place.line.col_offset))
        indent = code[code.rfind("\n", 0, start) + 1 : start]

        def before(_: str, place: MetricPlace = place, indent: str = indent) -> str:
            name = place.returned.name
            text = _grouped(next(text for found, text in hoisted if found == name))
            kept = f"{collected_name(name)}.append({name})\n{indent}" if place.listed else ""
            return f"{name} = {text}\n{indent}{kept}"

        inserted.append(Edit(start, start, before))
    # the expressions must be seen before the insertions in front of their lines are made
    apply_edits(code, edits)
    return apply_edits(code, [*edits, *inserted])


def _grouped(text: str) -> str:
    """Return an expression that may go on over several lines."""
    return f"({text})" if "\n" in text else text


def around(source: str, code: str) -> tuple[str, str]:
    """Return the comments above a statement's code and the one behind it."""
    start = source.find(code)
    return (source[:start], source[start + len(code) :]) if start >= 0 else ("", "")


def _setting_edits(context: FunctionContext, identifier: str, code: str) -> list[Edit]:
    edits = []
    for span, key in context.package.places.get(identifier, ()):
        name = context.setting_name(key)
        if name:
            start, end = offsets(code, span)
            edits.append(Edit(start, end, lambda _, text=name: text))  # type: ignore[misc]
    return edits


def _name_edits(
    code: str,
    tree: ast.AST,
    names: Mapping[str, str],
    stored: Mapping[str, str],
    context: FunctionContext,
    identifier: str,
) -> list[Edit]:
    """Rename variables: reads of plain settings become the parameter, others as asked for."""
    wanted = dict(names)
    for parameter in context.function.parameters:
        setting = context.package.settings.get(parameter.setting)
        if (
            setting
            and _means_setting(context, setting, identifier)
            and setting.variable != context.expression(parameter)
        ):
            wanted[setting.variable] = context.expression(parameter)
    if not wanted and not stored:
        return []
    edits = []
    hidden = hidden_names(tree)
    after = read_after_binding(tree, frozenset(stored), hidden)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or id(node) in hidden:
            continue
        anew = isinstance(node.ctx, ast.Store) or id(node) in after
        new = wanted.get(node.id) or (stored.get(node.id) if anew else None)
        if new:
            start, end = offsets(code, (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0))
            edits.append(Edit(start, end, lambda _, text=new: text))  # type: ignore[misc]
    return edits


def _means_setting(context: FunctionContext, setting: Setting, identifier: str) -> bool:
    """Tell whether a setting's variable means the setting in a statement: above its binding it may be a builtin."""
    facts, statement = context.package.facts, context.package.facts.statements[identifier]
    if not setting.variable or not hasattr(builtins, setting.variable) or statement.kind in ("function", "class"):
        return bool(setting.variable)
    binding = next((i for i in facts.order if setting.variable in facts.statements[i].defines), identifier)
    return facts.order.index(binding) <= facts.order.index(identifier)


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
        comma = "" if _last_token(code, end - 1) in (",", "(") else ", "
        edits += _parenthesised_generator(code, call)
        edits.append(Edit(end - 1, end - 1, lambda _, text=comma + passed: text))  # type: ignore[misc]
    return edits


def _last_token(code: str, end: int) -> str:
    """Return the last token in front of an offset that is no comment and no end of a line."""
    last = ""
    line, column = code.count("\n", 0, end) + 1, end - (code.rfind("\n", 0, end) + 1)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.start >= (line, column):
            break
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            last = token.string
    return last


def _parenthesised_generator(code: str, call: ast.Call) -> list[Edit]:
    """Put the only argument of a call in parentheses of its own where it is a generator that has none."""
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
