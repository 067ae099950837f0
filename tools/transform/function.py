"""The text of a generated function: signature, docstring, guards, body, return."""

import textwrap

from tools.plan.model import FunctionPlan, Returned
from tools.plan.naming import safe_name
from tools.render.settings import data_keys
from tools.transform.body import body_source
from tools.transform.context import FunctionContext, PackageContext
from tools.transform.indent import indented
from tools.transform.metric_edits import collected_name, may_be_missing
from tools.transform.signature import Argument, arguments_of, returned_annotation

WIDTH = 108


def stage_function(package: PackageContext, function: FunctionPlan) -> str:
    """Return the text of a stage function, behind the record class that it returns where it returns many values."""
    context = FunctionContext(package, function)
    body = body_source(context)
    arguments = arguments_of(package, function)
    last = _return(package, function) if function.returns else ""
    text = "\n".join(
        part for part in (_kept_settings(context), _missing_at_first(context), _guarded(context, body), last) if part
    )
    head = _signature(package, function, arguments)
    doc = _docstring(package, function, arguments)
    record = record_class(package, function)
    return f"{record}{head}\n{textwrap.indent(doc, '    ')}{indented(text or 'pass')}\n"


def record_name(function: FunctionPlan) -> str:
    """Return the name of the record class of a function that returns three values or more: `SplitData`."""
    return "".join(word.capitalize() for word in function.name.split("_"))


def returns_record(function: FunctionPlan) -> bool:
    """Tell whether a function returns a record class."""
    return len(function.returns) >= 3 and not only_metrics(function)


def only_metrics(function: FunctionPlan) -> bool:
    """Tell whether a function returns several plain numbers that are metrics: it returns them as a dict."""
    return len(function.returns) >= 2 and all(r.metric and r.annotation == "float" for r in function.returns)


def record_class(package: PackageContext, function: FunctionPlan) -> str:
    """Return the record class that a function returns; empty where it returns none."""
    if not returns_record(function):
        return ""
    fields = "\n".join(f"    {r.name}: {r.annotation}" for r in function.returns)
    doc = f'    """What `{function.name}` returns."""\n\n' if package.hardened else ""
    return f"class {record_name(function)}(NamedTuple):\n{doc}{fields}\n\n\n"


def _signature(package: PackageContext, function: FunctionPlan, arguments: tuple[Argument, ...]) -> str:
    if not package.hardened:
        return f"def {function.name}({', '.join(a.name for a in arguments)}):"
    shown = ", ".join(f"{a.name}: {a.annotation}" for a in arguments)
    return f"def {function.name}({shown}) -> {returned_annotation(function)}:"


def _docstring(package: PackageContext, function: FunctionPlan, arguments: tuple[Argument, ...]) -> str:
    if not package.hardened:
        return ""
    lines = [function.purpose or "Run this part of the experiment."]
    if arguments:
        lines += ["", "Args:"]
        for argument in arguments:
            lines += _wrapped(f"{argument.name}: {argument.description or 'As in the notebook.'}")
    if function.returns:
        lines += ["", "Returns:", *_wrapped(_returned_text(function.returns))]
    if function.raises:
        lines += ["", "Raises:"]
        for error, when in function.raises:
            lines += _wrapped(f"{error}: {when}")
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}\n"""\n' if len(lines) > 1 else f'"""{text}"""\n'


def _wrapped(text: str) -> list[str]:
    first, *rest = textwrap.wrap(text, WIDTH) or [""]
    return [f"    {first}", *(f"        {line}" for line in rest)]


def _returned_text(returns: tuple[Returned, ...]) -> str:
    if len(returns) == 1:
        return _sentence(returns[0].description or f"`{returns[0].name}`")
    names = [f"`{r.name}`" for r in returns]
    return f"{', '.join(names[:-1])} and {names[-1]}."


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _return(package: PackageContext, function: FunctionPlan) -> str:
    names = [_value(r, frozenset(package.imports)) for r in function.returns]
    if only_metrics(function):
        pairs = ", ".join(f'"{r.name}": {value}' for r, value in zip(function.returns, names, strict=True))
        return f"return {{{pairs}}}"
    if returns_record(function):
        return f"return {record_name(function)}({', '.join(names)})"
    return f"return {', '.join(names)}"


def _value(returned: Returned, imported: frozenset[str]) -> str:
    if returned.metric and "@" in returned.capture:
        return collected_name(returned.name) if returned.annotation.startswith("list[") else returned.name
    if returned.metric:
        return safe_name(returned.variable, imported)
    return returned.name


def _guarded(context: FunctionContext, body: str) -> str:
    """Let a missing data file say which setting names it."""
    function = context.function
    if not context.package.hardened or not any(error == "FileNotFoundError" for error, _ in function.raises):
        return body
    checks = [
        f"if not Path({context.expression(p)}).is_file():\n"
        f'    raise FileNotFoundError(f"no data at {{{context.expression(p)}}}: set {p.setting}")'
        for p in function.parameters
        if p.annotation == "str" and _names_a_file(context.package, p.setting)
    ]
    return "\n".join([*checks, body])


def _names_a_file(package: PackageContext, key: str) -> bool:
    """Tell whether a setting is the path of a data file that the package carries."""
    return key.startswith("data.path") or key in data_keys(package.plan)


def _kept_settings(context: FunctionContext) -> str:
    """Keep settings under names of their own where the body binds the names of their parameters."""
    used = {p.name for p in context.function.parameters if context.expression(p) == context.aliases.get(p.name)}
    return "\n".join(f"{other} = {name}" for name, other in context.aliases.items() if name in used)


def _missing_at_first(context: FunctionContext) -> str:
    """Give the variables of metrics that are computed under a condition a value to begin with."""
    found = [
        r.variable
        for r in context.function.returns
        if "@" not in r.capture and may_be_missing(context.package, context.function, r)
    ]
    kind = ": float" if context.package.hardened else ""
    return "\n".join(f'{variable}{kind} = float("nan")' for variable in found)
