"""Signatures of stage functions: live-ins, then settings; four settings of one section become one argument."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.plan.meanings import section_meaning
from tools.plan.model import FunctionPlan
from tools.transform.context import PackageContext, collapsed_section


@dataclass(frozen=True)
class Argument:
    """One argument of a generated function.

    Attributes:
        name: In the signature.
        annotation: Its type.
        passed: Expression that training passes: a variable, or a place below `config`.
        description: For the docstring.
    """

    name: str
    annotation: str
    passed: str
    description: str = ""


def arguments_of(package: PackageContext, function: FunctionPlan) -> tuple[Argument, ...]:
    """Return the arguments of a stage function in order."""
    collapsed = collapsed_section(function)
    made: list[Argument] = []
    for parameter in function.parameters:
        if collapsed and parameter.setting.rpartition(".")[0] == collapsed:
            if all(a.name != "config" for a in made):
                made.append(
                    Argument("config", class_name(collapsed), f"config.{collapsed}", section_meaning(collapsed))
                )
            continue
        passed = f"config.{parameter.setting}" if parameter.setting else parameter.variable
        made.append(Argument(parameter.name, parameter.annotation, passed, parameter.description))
    return tuple(made)


def class_name(section: str) -> str:
    """Return the name of the dataclass of a section: `RandomForestConfig` for `model.random_forest`."""
    last = section.rpartition(".")[2]
    return "".join(word[:1].upper() + word[1:] for word in last.split("_")) + "Config"


def returned_annotation(function: FunctionPlan) -> str:
    """Return the type that a stage function returns."""
    from tools.transform.function import only_metrics, record_name, returns_record

    returns: Sequence[str] = [r.annotation for r in function.returns]
    if not returns:
        return "None"
    if only_metrics(function):
        return "dict[str, float]"
    if returns_record(function):
        return record_name(function)
    return returns[0] if len(returns) == 1 else f"tuple[{', '.join(returns)}]"
