"""How the stage functions of a generated package are called one after the other."""

from collections.abc import Mapping

from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan, FunctionPlan
from tools.render.sources import Argument, Function, Sources, dotted

CONFIG = "src/config.py"


class Passed(Frozen):
    """One argument of a call.

    Attributes:
        name: Of the parameter.
        live_in: Path of the result that is passed (`split_data.X_train`); empty for a setting.
        setting: Expression below `config` (`data.test_size`; empty for the whole configuration).
        annotation: Of the parameter.
        variable: Notebook variable that is passed; empty for a setting.
    """

    name: str
    live_in: str = ""
    setting: str = ""
    annotation: str = ""
    variable: str = ""

    def source(self, prefix: str = "", config: str = "config") -> str:
        """Return the expression, with results looked up under a prefix such as `stages.`."""
        if self.live_in:
            return f"{prefix}{self.live_in}"
        return f"{config}.{self.setting}" if self.setting else config


class Result(Frozen):
    """One live-out of a call.

    Attributes:
        path: Where it is found: `clean_data`, `split_data.X_train`, `scores[0]`.
        variable: Notebook variable.
        name: Its name in the package.
        annotation: As planned.
        metric: Name of the metric, where it is one.
        statement: Whose value it is.
    """

    path: str
    variable: str
    name: str
    annotation: str = ""
    metric: str = ""
    statement: str = ""


class Call(Frozen):
    """The call of one stage function.

    Attributes:
        plan: The planned function.
        function: As the source has it.
        alias: Name under which its module is imported.
        passed: Arguments in order.
        results: Its live-outs.
        keys: Settings that the plan passes to it.
    """

    plan: FunctionPlan
    function: Function
    alias: str
    passed: tuple[Passed, ...] = ()
    results: tuple[Result, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the function, and of what it returned."""
        return self.function.name

    def source(self, prefix: str = "", config: str = "config", replaced: Mapping[str, str] | None = None) -> str:
        """Return the call as an expression; results named in `replaced` are passed as the expression given there."""
        other = replaced or {}
        arguments = ", ".join(
            other[argument.live_in] if argument.live_in in other else argument.source(prefix, config)
            for argument in self.passed
        )
        return f"{self.alias}.{self.name}({arguments})"


class Flow(Frozen):
    """The calls that a training makes, as far as their arguments are known.

    Attributes:
        calls: In order.
        broken: Why the calls end early; empty where they are complete.
        paths: Where the last value of each notebook variable is found.
        modules: (alias, import statement) of the modules that are called.
    """

    calls: tuple[Call, ...] = ()
    broken: str = ""
    paths: dict[str, str] = {}
    modules: tuple[tuple[str, str], ...] = ()

    def call(self, name: str) -> Call | None:
        """Return the call of a function, or None."""
        return next((call for call in self.calls if call.name == name), None)


def read_flow(plan: ExtractionPlan, sources: Sources) -> Flow:
    """Work out how the stage functions are called, from the plan and the signatures in the sources."""
    sections = _sections(sources)
    taken = {function.name for function in plan.functions} | {"config", "stages"}
    aliases: dict[str, str] = {}
    calls: list[Call] = []
    paths: dict[str, str] = {}
    broken = ""
    for planned in plan.functions:
        if planned.kind != "stage":
            continue
        function = sources.function(planned.module, planned.name)
        if function is None:
            broken = f"{planned.module} has no function {planned.name}"
            break
        passed: list[Passed] = []
        for argument in function.arguments:
            found = _passed(argument, planned, paths, sections)
            if found is None and not argument.default:
                broken = f"nothing is known to pass as {argument.name} of {planned.name}"
                break
            if found is not None:
                passed.append(found)
        if broken:
            break
        alias = aliases.setdefault(planned.module, _alias(planned.module, taken | set(aliases.values())))
        call = Call(
            plan=planned,
            function=function,
            alias=alias,
            passed=tuple(passed),
            results=_results(planned, function, sources),
            keys=tuple(p.setting for p in planned.parameters if p.setting),
        )
        calls.append(call)
        paths |= {result.variable: result.path for result in call.results}
    return Flow(
        calls=tuple(calls),
        broken=broken,
        paths=paths,
        modules=tuple((alias, _import(module, alias)) for module, alias in sorted(aliases.items())),
    )


def _alias(module: str, taken: set[str]) -> str:
    name = dotted(module).rsplit(".", 1)[-1]
    return f"{name}_module" if name in taken else name


def _import(module: str, alias: str) -> str:
    package, _, name = dotted(module).rpartition(".")
    return f"from {package} import {name}" + (f" as {alias}" if alias != name else "")


def _sections(sources: Sources) -> dict[str, str]:
    """Return the dotted place below `config` of each section's class; the empty one for the whole."""
    sections = {"Config": ""}
    records = sources.records.get(CONFIG, {})
    todo = ["Config"]
    while todo:
        name = todo.pop()
        for field, annotation in records[name].fields if name in records else ():
            if annotation in records and annotation not in sections:
                sections[annotation] = f"{sections[name]}.{field}".lstrip(".")
                todo.append(annotation)
    return sections


def _passed(
    argument: Argument, planned: FunctionPlan, paths: dict[str, str], sections: dict[str, str]
) -> Passed | None:
    common = {"name": argument.name, "annotation": argument.annotation}
    if argument.annotation in sections:
        return Passed(**common, setting=sections[argument.annotation])
    for parameter in planned.parameters:
        if parameter.name == argument.name:
            if parameter.setting:
                return Passed(**common, setting=parameter.setting)
            if parameter.variable in paths:
                return Passed(**common, live_in=paths[parameter.variable], variable=parameter.variable)
    return None


def _results(planned: FunctionPlan, function: Function, sources: Sources) -> tuple[Result, ...]:
    record = sources.record(planned.module, function.returns)
    if record is not None and not record.fields:
        record = None  # a class of the author's own, not the record of several results
    outs = planned.returns
    results = []
    for number, out in enumerate(outs):
        if record is not None:
            path = f"{planned.name}.{out.name}"
        elif len(outs) == 1:
            path = planned.name
        elif function.returns.startswith("dict["):
            path = f'{planned.name}["{out.name}"]'
        else:
            path = f"{planned.name}[{number}]"
        results.append(
            Result(
                path=path,
                variable=out.variable,
                name=out.name,
                annotation=out.annotation,
                metric=out.metric,
                statement=out.statement,
            )
        )
    return tuple(results)
