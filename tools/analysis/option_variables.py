"""Variables that hold settings: grids, seeds, dictionaries of options."""

import ast
from collections.abc import Mapping, Sequence

from tools.analysis.knowledge.load import knowledge
from tools.analysis.qualified import Call
from tools.analysis.setting_names import Section, owner

SEEDERS = (
    "random.seed",
    "torch.manual_seed",
    "random.set_seed",
    "numpy.random.default_rng",
    "numpy.random.RandomState",
)


def grid_variable(call: Call) -> str:
    """Return the variable that a search takes its grid from; empty where it takes none from one."""
    if "Search" not in call.name:
        return ""
    named = [k.value for k in call.node.keywords if k.arg in ("param_grid", "param_distributions", "search_spaces")]
    argument = named[0] if named else call.node.args[1] if len(call.node.args) > 1 else None
    return argument.id if isinstance(argument, ast.Name) else ""


def seed_variables(call: Call) -> list[str]:
    """Return the variables that a call is given as a seed."""
    values = [k.value for k in call.node.keywords if k.arg in knowledge().seeds]
    if call.name.endswith(SEEDERS):
        values += call.node.args[:1]
    return [value.id for value in values if isinstance(value, ast.Name)]


def unpacked_variables(
    calls: Mapping[str, Sequence[Call]], by_variable: Mapping[str, str], defined: Mapping[str, str]
) -> dict[str, tuple[Section, str]]:
    """Return section and prefix of the settings in each dictionary that a call takes as `**name`.

    Args:
        calls: Resolved calls by statement id.
        by_variable: Name of the model by variable.
        defined: Name of the model by the statement that constructs it.
    """
    found: dict[str, tuple[Section, str]] = {}
    for identifier, made in calls.items():
        for call in made:
            for keyword in call.node.keywords:
                if keyword.arg is None and isinstance(keyword.value, ast.Name):
                    section, prefix, fallback = owner(call, defined.get(identifier, ""), by_variable)
                    found.setdefault(keyword.value.id, (section or "model", prefix or fallback))
    return found


def subscripted_variables(trees: Mapping[str, ast.Module]) -> frozenset[str]:
    """Return the variables of which an entry is taken by a text: `config["lr"]`."""
    return frozenset(
        part.value.id
        for tree in trees.values()
        for part in ast.walk(tree)
        if isinstance(part, ast.Subscript)
        and isinstance(part.value, ast.Name)
        and isinstance(part.slice, ast.Constant)
        and isinstance(part.slice.value, str)
    )
